//! 对标认领: what a company may claim.

use platform::Result;

use super::terms::SchemeTerms;
use super::{PRICE_ABOVE_TIER, PRICE_NOT_FILED};

/// 质价相符: who charges more than the guide price of a star allows does not claim that star.
pub fn check_price(terms: &SchemeTerms, star: i16, charged_fen: i64) -> Result<()> {
    match terms.tier(star) {
        Some(tier) if tier.allows(charged_fen) => Ok(()),
        _ => Err(PRICE_ABOVE_TIER.at("/charged_fen")),
    }
}

/// What the company says it charges is what its contract on file says, where that names a price.
pub fn check_filed(filed_fen: Option<i64>, charged_fen: i64) -> Result<()> {
    match filed_fen {
        Some(filed) if filed != charged_fen => Err(PRICE_NOT_FILED.at("/charged_fen")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_measured_by_the_price_of_its_star() {
        let terms = SchemeTerms::usual();
        // Four stars: 150 fen and a tenth.
        assert!(check_price(&terms, 4, 165).is_ok());
        assert!(check_price(&terms, 4, 166).is_err());
        assert!(check_price(&terms, 5, 166).is_ok());
        assert!(check_price(&terms, 6, 0).is_err());
    }

    #[test]
    fn the_contract_on_file_says_what_is_charged() {
        assert!(check_filed(Some(85), 85).is_ok());
        assert!(check_filed(Some(85), 84).is_err() && check_filed(Some(85), 86).is_err());
        assert!(check_filed(None, 84).is_ok(), "a contract may leave the price to an annex");
    }
}
