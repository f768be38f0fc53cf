DROP TABLE login_attempts;
DROP TABLE signing_keys;
DROP TABLE api_clients;
DROP TABLE role_grants;
DROP TABLE refresh_tokens;
DROP TABLE sessions;
DROP TABLE accounts;
