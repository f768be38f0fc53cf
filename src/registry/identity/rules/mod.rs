//! What identity allows and refuses; pure, time passed in.

mod authority;
mod key_times;
mod lockout;
mod password;
mod predictable;

use platform::problems;
use validator::ValidationError;

pub use authority::{
    GrantStatus, Standing, check_client, check_for_organisation, check_period, grant_status, may_hand_on, may_manage,
    scopes_of, secret_opens,
};
pub use key_times::{JWKS_CACHE_SECONDS, KeyTimes, LEAD, OVERLAP, in_force, signer};
pub use lockout::{
    Attempts, Charge, LIMIT_PER_ACCOUNT, LIMIT_PER_ADDRESS, address_subject, charged, failed, forget_before, refunded,
    user_subject,
};
pub use password::{check_password, random_password_from};

problems! {
    WRONG_CREDENTIALS = 401 "identity.wrong_credentials", "用户名或密码错误", "The name or the secret is wrong";
    LOCKED_OUT = 429 "identity.locked_out", "失败次数过多,已暂时锁定", "Locked for a while after too many failures";
    REFRESH_INVALID = 401 "identity.refresh_invalid", "刷新令牌无效或会话已结束", "The refresh token is invalid or its session is over";
    REFRESH_REUSED = 401 "identity.refresh_reused", "刷新令牌被重复使用,会话已撤销", "The refresh token was used before; the session is revoked";
    WRONG_PASSWORD = 422 "identity.wrong_password", "当前密码错误", "The current password is wrong";
    PASSWORD_HOLDS_NAME = 422 "identity.password_holds_name", "密码不能包含用户名", "The password must not contain the user name";
    PASSWORD_COMMON = 422 "identity.password_common", "密码过于常见或有明显规律", "The password is common, or little more than a pattern";
    PASSWORD_MONOTONOUS = 422 "identity.password_monotonous", "密码至少包含 5 种不同字符", "The password needs at least 5 different characters";
    PASSWORD_LENGTH = 422 "identity.password_length", "密码长度须为 10–128", "The password must have 10–128 characters";
    PASSWORD_UNCHANGED = 422 "identity.password_unchanged", "新密码不能与当前密码相同", "The new password is the current one";
    USERNAME_TAKEN = 409 "identity.username_taken", "用户名已被使用", "The user name is taken";
    ACCOUNT_DISABLED = 409 "identity.account_disabled", "账号已停用", "The account is disabled";
    ACCOUNT_ENABLED = 409 "identity.account_enabled", "账号未停用", "The account is not disabled";
    ACCOUNT_IS_OWN = 403 "identity.account_is_own", "不能对本人账号执行此操作", "Not on one's own account";
    ACCOUNT_BEYOND_OWN = 403 "identity.account_beyond_own", "该账号持有超出您权限或辖区的角色", "The account holds roles that you could not have granted";
    OUTSIDE_OWN_AREA = 403 "identity.outside_own_area", "不在您的管辖范围内", "Outside your own area";
    GRANT_TO_SELF = 403 "identity.grant_to_self", "不能为本人授予或终止角色", "Nobody grants or ends their own roles";
    GRANT_BEYOND_OWN = 403 "identity.grant_beyond_own", "不能授予超出本人级别或辖区的角色", "The role or the area is beyond your own";
    GRANT_PERIOD = 422 "identity.grant_period", "截止日期须晚于起始日期且不早于今天", "The period must end after its start and not before today";
    GRANT_DUPLICATE = 409 "identity.grant_duplicate", "该账号在此区域已有同一角色", "The account already holds this role in this area";
    GRANT_TARGET = 422 "identity.grant_target", "须且只须填写区域或组织之一", "Name either an area or an organisation";
    GRANT_NOT_FOR_ORGANISATIONS = 422 "identity.grant_not_for_organisations", "该角色不能代表组织持有", "This role is not held for an organisation";
    ORGANISATION_UNKNOWN = 422 "identity.organisation_unknown", "没有此组织,或不在您的管辖范围内", "No such organisation, or outside your area";
    GRANT_ENDED = 409 "identity.grant_ended", "授权已终止", "The grant has ended";
    CLIENT_NAME_TAKEN = 409 "identity.client_name_taken", "该区域已有同名接入方", "The area already has a client of this name";
    CLIENT_DISABLED = 409 "identity.client_disabled", "接入方已停用", "The client is disabled";
    SCOPE_UNKNOWN = 422 "identity.scope_unknown", "未知的权限", "No such scope";
    SCOPE_NOT_DELEGABLE = 422 "identity.scope_not_delegable", "该权限不能授予接入方", "This scope is not for programs";
    SCOPE_BEYOND_OWN = 403 "identity.scope_beyond_own", "权限超出本人在该区域的权限", "You do not carry this scope over this area";
    SCOPE_NOT_GIVEN = 422 "identity.scope_not_given", "接入方未获此权限", "The client was not given this scope";
    KEY_PENDING = 409 "identity.key_pending", "上一次轮换尚未生效", "The key of the last rotation does not sign yet";
}

/// 3–40 characters of `a–z 0–9 . _ -`, beginning with a letter or a digit.
pub fn check_username(name: &str) -> Result<(), ValidationError> {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-');
    let begins_well = name.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
    if (3..=40).contains(&name.len()) && begins_well && name.bytes().all(allowed) {
        Ok(())
    } else {
        Err(ValidationError::new("username"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_names_are_plain() {
        for good in ["abc", "wang.wu", "620902-admin", "a_1"] {
            assert!(check_username(good).is_ok(), "{good}");
        }
        for bad in ["", "ab", "Wang", "wang wu", "王五王五", ".abc", "a\u{0}bc", &"a".repeat(41)] {
            assert!(check_username(bad).is_err(), "{bad}");
        }
    }
}
