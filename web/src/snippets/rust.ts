import { braceEscape, cNames, escaped } from './escape';
import { safeUrl, type SnippetRequest } from './request';

const string = (text: string) => `"${escaped(text, { named: cNames, other: braceEscape })}"`;

export function rust(request: SnippetRequest): string {
    const headers = request.headers.map(([name, value]) => `        .header(${string(name)}, ${string(value)})\n`);
    const body = request.body === undefined ? '()' : string(request.body);
    return `// Cargo.toml: ureq = "3"
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into();
    let request = ureq::http::Request::builder()
        .method(${string(request.method)})
        .uri(${string(safeUrl(request.url))})
${headers.join('')}        .body(${body})?;
    let mut response = agent.run(request)?;
    println!("{} {}", response.status(), response.body_mut().read_to_string()?);
    Ok(())
}
`;
}
