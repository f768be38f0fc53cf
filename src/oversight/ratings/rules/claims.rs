//! 对标认领: what a company may claim.

use platform::Result;

use super::PRICE_ABOVE_TIER;
use super::terms::SchemeTerms;

/// 质价相符: who charges more than the guide price of a star allows does not claim that star.
pub fn check_price(terms: &SchemeTerms, star: i16, charged_fen: i64) -> Result<()> {
    match terms.tier(star) {
        Some(tier) if tier.allows(charged_fen) => Ok(()),
        _ => Err(PRICE_ABOVE_TIER.at("/charged_fen")),
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
}
