//! What goes over the wire.

mod boards;
mod credit;
mod facts;
mod kinds;
mod listings;
mod photos;
mod public;
mod rankings;
mod steps;

pub use boards::{BoardEntry, BoardIn, BoardItem, BoardOut, BoardPage, BoardSnapshot};
pub use credit::{
    CreditBalanceOut, CreditBalanceQuery, CreditEventIn, CreditEventOut, CreditEventPage, CreditEventQuery,
    RevokeCreditIn, ShownCredit,
};
pub use facts::{CompoundFactsOut, HonourFactsQuery, ListedFact, OrganisationFactsOut, QuarterStars, StarFact};
pub use kinds::{
    BoardId, BoardReason, BoardSide, CreditEventId, CreditKind, ListKind, ListingId, ListingObjectionOutcome,
    ListingPhotoId, ListingStatus, Measure, RankingId, RepairOutcome, RepairRequestId, SnapshotStatus, StatementId,
    StatementKind,
};
pub use listings::{
    ListingItem, ListingObjectionOut, ListingOut, ListingPage, ListingQuery, ProposeListingIn, RepairRequestOut,
    StatementOut,
};
pub use photos::{ListingPhotoIn, ListingPhotoOut, ListingPhotoPage, ListingPhotoWords};
pub use public::{
    GroundTold, MeasureTold, PublicListingOut, PublicListingsOut, PublicListingsQuery, PublicSnapshot, StandingProofOut,
};
pub use rankings::{
    PublicRankingsQuery, RankingIn, RankingItem, RankingOut, RankingPage, RankingRowOut, RankingSnapshot, StarCount,
    SupersedeRankingIn,
};
pub use steps::{
    DecideListingIn, DecideObjectionIn, DeclineRepairIn, ExtendObjectionIn, HearingIn, ListingOutcome, ListingReasonIn,
    NotifyListingIn, ObjectListingIn, PublishListingIn, RepairListingIn, StatementIn,
};
