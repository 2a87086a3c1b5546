// The records that say who belongs to a workspace, in what role. Each repeats the user's email and name, so that lists
// filter and sort by them. Value types.
#pragma once

#include <string>
#include <string_view>

#include "access/role.h"

namespace credvault::access {

struct NewMember {
    std::string_view workspace, user, email, name;
    Role role = Role::Viewer;
    bool has_second_factor = false;
    bool registered = false;  ///< His account is made with it: webhooks tell of that.
};

/// A canonical record with an id of its own ("mem_…").
std::string member_record(const NewMember& member);

}  // namespace credvault::access
