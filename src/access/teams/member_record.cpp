#include "access/teams/member_record.h"

#include "base/ids.h"
#include "json/writer.h"

namespace credvault::access {

std::string member_record(const NewMember& member) {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.key("id").string(make_id("mem"));
    out.key("workspace").string(member.workspace);
    out.key("user").string(member.user);
    out.key("email").string(member.email);
    out.key("name").string(member.name);
    out.key("role").string(role_name(member.role));
    out.key("second_factor").boolean(member.has_second_factor);
    if (member.registered) out.key("registered").boolean(true);
    out.end_object();
    return text;
}

}  // namespace credvault::access
