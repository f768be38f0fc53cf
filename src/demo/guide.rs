//! What `demo` says once it listens.

use std::fmt::Write;
use std::net::SocketAddr;

use super::clients::{Dashboard, dashboard};
use super::divisions::{GUANBEIGOU, TONGDEXIANG};
use super::personas::{NEWCOMER, PERSONAS, Persona};
use super::plan::LATE_YARD;
use super::{compounds, roster};

/// Where to look, whom to be, and six lines to try.
pub fn guide(at: SocketAddr, loaded: bool) -> String {
    let state = if loaded { "已载入 loaded" } else { "已存在 found" };
    let base = format!("http://{at}");
    format!(
        "\n红管家 Red Steward · 演示区{state}: 肃州区 620902\n文档 docs: {base}/docs/\n{}\n演示时钟从 \
         2024-01-15 09:00 走起 · the demo's clock begins there\n2023 年 9 月的 16 320 件事件随后几秒载入 · September 2023 \
         follows within seconds\n\n{}\n{}",
        screen(&base),
        table(),
        lines_to_try(&base)
    )
}

fn screen(base: &str) -> String {
    let Dashboard { id, secret } = dashboard();
    format!("大屏 screen: {base}/screen\n  接入方编号 client id: {id}\n  密钥 secret: {secret}")
}

fn table() -> String {
    let mut text = format!("{:<24}{:<36}角色 role @ 区域 area\n", "username", "password");
    for persona in PERSONAS {
        // Writing into a String does not fail.
        let _ =
            writeln!(text, "{:<24}{:<36}{}  {}", persona.username, persona.password(), grants(persona), persona.name);
    }
    text
}

fn grants(persona: &Persona) -> String {
    let grants = persona.grants.iter().map(|(role, place)| format!("{role}@{}", place.label()));
    grants.collect::<Vec<_>>().join(" ")
}

fn lines_to_try(base: &str) -> String {
    let password = PERSONAS.iter().find(|persona| persona.username == NEWCOMER).map(Persona::password);
    let password = password.unwrap_or_default();
    let yard = compounds::id_of(TONGDEXIANG, LATE_YARD);
    let (person, post) = roster::conflict();
    format!(
        r#"试一试 Try (社区工作者 community worker; 访问令牌 15 分钟有效, the token lasts 15 minutes):
TOKEN=$(curl -s {base}/v1/auth/login -H 'Content-Type: application/json' -d '{{"username":"{NEWCOMER}","password":"{password}"}}' | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
curl -s -H "Authorization: Bearer $TOKEN" '{base}/v1/grids?area={TONGDEXIANG}&limit=3'
curl -s -H "Authorization: Bearer $TOKEN" '{base}/v1/compounds/{yard}/modes'
curl -s -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' '{base}/v1/appointments/check' -d '{{"person_id":"{person}","post_id":"{post}","route":"elected","term_from":"2024-02-01","term_to":"2026-12-31"}}'
curl -s -H "Authorization: Bearer $TOKEN" '{base}/v1/areas/{TONGDEXIANG}/figures?as_of=2024-01-15'
curl -s -H "Authorization: Bearer $TOKEN" '{base}/v1/areas/{TONGDEXIANG}/cross-appointments?as_of=2024-01-15'

别的社区看不到: another community's grids are answered 404: {base}/v1/grids?area={GUANBEIGOU}
Ctrl-C 停止 stops; demo --fresh 重新载入 begins anew."#
    )
}
