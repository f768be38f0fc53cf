# The recipes.
default:
    @just --list

# What must hold before a commit; .ci/run adds PostgreSQL and the linters.
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings
    cargo test
    just openapi
    git diff --exit-code -- openapi

# Everything, on SQLite.
test *ARGS:
    cargo test {{ ARGS }}

# The integration tests on a private PostgreSQL.
test-postgres *ARGS:
    scripts/postgres run --fast -- cargo test --test api {{ ARGS }}

# Regenerate openapi/.
openapi:
    cargo run --quiet -- openapi --out openapi

# Look at /screen in headless Chromium; pictures are left in target/screen.
screen:
    tests/screen/run

# Lint openapi/openapi.json.
lint-openapi:
    scripts/lint-openapi

# Make the SDKs, check their types and run their smoke scripts against the demo.
sdk:
    openapi/sdk/run

# Create, fill and serve the demo district.
demo:
    cargo run --release -- demo

# Measure against bare handlers: see the head of bench/run.
bench *ARGS:
    bench/run {{ ARGS }}
