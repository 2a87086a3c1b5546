#include "access/audit_verifier.h"

#include <algorithm>

namespace credvault::access {
namespace {

constexpr std::size_t max_problems = 100;

std::string string_of(const json::View& record, std::string_view name) {
    const auto member = record.find(name);
    return member && member->is_string() ? member->as_string() : std::string();
}

std::uint64_t number_of(const json::View& record, std::string_view name) {
    const auto member = record.find(name);
    return member && member->type() == json::Type::Int ? static_cast<std::uint64_t>(member->as_int()) : 0;
}

}  // namespace

std::string audit_head_text(std::string_view workspace, const AuditHead& head) {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.key("id").string(workspace);
    out.key("seq").number(static_cast<std::int64_t>(head.seq));
    out.key("hash").string(hex_of(head.hash));
    out.key("kept_seq").number(static_cast<std::int64_t>(head.kept_seq));
    out.key("kept_prev").string(hex_of(head.kept_prev));
    out.end_object();
    return text;
}

AuditHead audit_head_of(const json::View& record) {
    AuditHead head;
    head.seq = number_of(record, "seq");
    head.hash = digest_from_hex(string_of(record, "hash")).value_or(Digest{});
    head.kept_seq = std::max<std::uint64_t>(number_of(record, "kept_seq"), 1);
    head.kept_prev = digest_from_hex(string_of(record, "kept_prev")).value_or(Digest{});
    return head;
}

void AuditVerifier::head(const json::View& record) {
    chains_[string_of(record, "id")].head = audit_head_of(record);
}

void AuditVerifier::tell(Chain& chain, const std::string& workspace, const std::string& what) {
    if (chain.broken) return;
    chain.broken = true;
    if (problems_.size() < max_problems)
        problems_.push_back("the audit log of the workspace '" + workspace + "': " + what);
}

void AuditVerifier::entry(const json::View& record) {
    const std::string workspace = string_of(record, "workspace");
    Chain& chain = chains_[workspace];
    const std::uint64_t seq = number_of(record, "seq");
    // Retention moves the mark first and removes the entries then.
    if (seq < chain.head.kept_seq) return;
    ++entries_;
    if (!chain.begun) {
        chain.begun = true;
        chain.seq = chain.head.kept_seq - 1;
        chain.hash = chain.head.kept_prev;
    }
    const std::string at = "entry " + std::to_string(seq);
    if (seq != chain.seq + 1)
        tell(chain, workspace, at + " follows entry " + std::to_string(chain.seq) + ": some are missing");
    const auto stated = digest_from_hex(string_of(record, "hash"));
    const Digest hash = next_link(chain.hash, record);
    if (digest_from_hex(string_of(record, "prev")) != chain.hash || stated != hash)
        tell(chain, workspace, at + " is not what was written");
    if (seq == chain.head.seq && hash != chain.head.hash)
        tell(chain, workspace, at + " is not the one that the head names");
    chain.seq = seq;
    chain.hash = stated.value_or(hash);
}

std::vector<std::string> AuditVerifier::finish() {
    for (auto& [workspace, chain] : chains_) {
        const std::uint64_t last = chain.begun ? chain.seq : chain.head.kept_seq - 1;
        if (last < chain.head.seq)
            tell(chain, workspace,
                 "it ends with entry " + std::to_string(last) + " though entry " +
                     std::to_string(chain.head.seq) + " was written");
    }
    return problems_;
}

}  // namespace credvault::access
