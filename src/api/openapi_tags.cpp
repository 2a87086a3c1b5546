#include "api/openapi_tags.h"

#include <array>
#include <utility>

namespace credvault::api {
namespace {

using Tag = std::pair<std::string_view, std::string_view>;
constexpr std::array descriptions{
    Tag{"Databases", "Databases of the workspace, and transactions within one."},
    Tag{"Collections", "Collections of records with their settings, schemas and statistics."},
    Tag{"Indexes", "Indexes, built in the background, and advice on those that would help."},
    Tag{"Records", "Single records: insert, read, replace, change, delete."},
    Tag{"Queries", "Filters, pipelines and updates over many records, and how they are run."},
    Tag{"Import and export", "NDJSON, JSON arrays and CSV in and out, streamed."},
    Tag{"Changes", "What happened to records, as pages or as a live stream."},
    Tag{"Jobs", "Work in the background: how far it is, and ending it."},
    Tag{"API keys", "Credentials for programs: scopes, restrictions, rotation."},
    Tag{"Data rules", "What the roles of a workspace see of the data."},
    Tag{"Audit log", "Who did what, chained so that changes to it show."},
    Tag{"Authentication", "Signing in and out, passwords, second factors, sessions."},
    Tag{"Workspaces", "What holds everything: members, keys, databases."},
    Tag{"Members", "Who belongs to the workspace, and in which role."},
    Tag{"Invitations", "Asking somebody to join the workspace."},
    Tag{"Limits", "The workspace's tier, its limits and what is used of them."},
    Tag{"Operations", "Health, metrics and this document."},
    Tag{"Webhooks", "Calls to your own servers when something changes."},
    Tag{"Clusters", "The stores that hold the data."},
    Tag{"Integrations", "Other systems that data comes from or goes to."},
    Tag{"Intelligence", "Models over your own records."},
};

}  // namespace

std::string_view tag_description(std::string_view tag) {
    for (const auto& [name, description] : descriptions) {
        if (name == tag) return description;
    }
    return {};
}

}  // namespace credvault::api
