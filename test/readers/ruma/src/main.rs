//! Reads responses with ruma: one JSON object a line on standard input, its outcome a line on standard output.

use std::io::{self, BufRead, Write};

use base64::{Engine, engine::general_purpose::STANDARD};
use ruma_client_api::discovery::{discover_homeserver, discover_policy_server, discover_support};
use ruma_common::api::{IncomingResponse, IncomingResponseExt};
use ruma_federation_api::discovery::discover_homeserver as discover_federation;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

#[derive(Deserialize)]
struct Task {
    id: u64,
    document: String,
    status: u16,
    headers: Vec<(String, String)>,
    /// In base64: it need not be UTF-8.
    body: String,
}

type Reading = Result<Value, Box<dyn std::error::Error>>;

fn main() -> io::Result<()> {
    let mut stdout = io::stdout();
    for line in io::stdin().lock().lines() {
        let task: Task = serde_json::from_str(&line?)?;
        let outcome = match read(&task) {
            Ok(value) => json!({ "id": task.id, "value": value }),
            Err(error) => json!({ "id": task.id, "error": error.to_string() }),
        };
        writeln!(stdout, "{outcome}")?;
        stdout.flush()?;
    }
    Ok(())
}

fn read(task: &Task) -> Reading {
    let body = STANDARD.decode(&task.body)?;
    let mut response = http::Response::builder().status(task.status);
    for (name, value) in &task.headers {
        response = response.header(name, value);
    }
    let response = response.body(body.as_slice())?;
    match task.document.as_str() {
        "client" => client(parse(response)?),
        "support" => support(parse(response)?),
        "policy_server" => policy_server(parse(response)?),
        "server" => server(parse(response)?),
        other => Err(format!("ruma has no document {other}").into()),
    }
}

fn parse<R: IncomingResponse>(response: http::Response<&[u8]>) -> Result<R, Box<dyn std::error::Error>> {
    R::try_from_http_response(response).map_err(|error| error.to_string().into())
}

fn client(response: discover_homeserver::Response) -> Reading {
    Ok(json!({
        // As matrix-rust-sdk does in client/builder/homeserver_config.rs.
        "homeserver": Url::parse(&response.homeserver.base_url)?,
        "identityServer": response.identity_server.map(|info| info.base_url),
        "tileServer": response.tile_server.map(|info| info.map_style_url),
        "rtcFoci": response.rtc_foci,
    }))
}

fn support(response: discover_support::Response) -> Reading {
    Ok(json!({ "contacts": response.contacts, "supportPage": response.support_page }))
}

fn policy_server(response: discover_policy_server::Response) -> Reading {
    Ok(json!({ "publicKeys": response.public_keys }))
}

fn server(response: discover_federation::Response) -> Reading {
    Ok(json!({ "delegatedServer": response.server, "host": response.server.host(), "port": response.server.port() }))
}
