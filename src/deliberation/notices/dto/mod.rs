//! What goes over the wire.

mod groups;
mod kinds;
mod notices;
mod photos;
mod posts;

pub use groups::{AllianceGroupIn, AllianceGroupOut, AllianceGroupPage, AllianceGroupQuery, CloseGroupIn, GroupStatus};
pub use kinds::{
    AllianceGroupId, AllianceParty, AlliancePostId, AlliancePostKind, HideReason, ModerationAction, ModerationId,
    NoticeClass, NoticeId, NoticePhotoId, NoticeStanding, NoticeStatus,
};
pub use notices::{
    CorrectNoticeIn, NoticeItem, NoticeOut, NoticePage, NoticePostingIn, NoticeQuery, NoticeReceiptsOut,
    PublishNoticeIn, UnreadNoticesOut, WithdrawNoticeIn,
};
pub use photos::{NoticePhotoIn, NoticePhotoOut, NoticePhotoPage, PhotoWords, RemovePhotoIn};
pub use posts::{
    AlliancePostIn, AlliancePostOut, AlliancePostPage, AlliancePostQuery, CaseFromPostIn, HidePostIn, LinkPostIn,
    ModerationOut, ModerationPage, PostCount, PostFiguresOut, UnhidePostIn,
};
