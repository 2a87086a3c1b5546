#include "access/users/common_passwords.h"

namespace credvault::access {
namespace {

/// Each between white space.
constexpr std::string_view common = R"(
 0123456789012 012345678910 0987654321098 0987654321qwerty 1111111111111 111122223333 112233445566
 121212121212 123123123123 1234512345123 123456123456 123456654321 1234567890-= 12345678900987654321
 1234567890123 12345678901234 123456789012345 1234567890123456 1234567891011 123456789101112
 123456789a123456789 123456789abc 123456789qwerty 123456abcdef 1234qwerasdf 123qweasdzxc 147258369147
 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1q2w3e4r5t6y7u8i 1q2w3e4r5t6y7u8i9o 1q2w3e4r5t6y7u8i9o0p 1qaz1qaz1qaz
 1qaz2wsx3edc 1qaz2wsx3edc4rfv 1qazxsw23edc 987654321000 9876543210123 abc123456789 abcd12345678
 abcdefghijkl abcdefghijklm abcdefghijklmnopqrstuvwxyz admin1234567 admin12345678 adminadminadmin
 administrator administrator1 asdasdasdasd asdfasdfasdf asdfghjkl123 asdfghjkl;'\ changemechangeme
 changemeplease correcthorsebatterystaple credvault123 credvaultcredvault iloveyou1234 iloveyou12345
 iloveyou123456 iloveyouforever iloveyousomuch letmein12345 letmein123456 letmeinletmein
 letmeinplease p@ssw0rd1234 p@ssword1234 passw0rd1234 passw0rdpassw0rd password0123 password1234
 password12345 password123456 password1234567 password12345678 password123456789 password1password
 passwordpassword passwordpassword1 qazwsxedcrfv qazwsxedcrfvtgb qwer1234qwer qwerasdfzxcv
 qwertasdfgzxcvb qwerty123456 qwerty1234567 qwerty12345678 qwerty123456789 qwertyqwerty qwertyuiop12
 qwertyuiop123 qwertyuiop[] qwertyuiop[]\ qwertyuiopasdf qwertyuiopasdfghjkl
 qwertyuiopasdfghjklzxcvbnm secretsecret testtesttest trustno1trustno1 welcome12345 welcome123456
 welcomewelcome zaq12wsxcde3 zxcvbnm12345 zxcvbnmasdfghjkl zxcvbnmzxcvbnm
)";

}  // namespace

bool is_common_password(std::string_view password) {
    constexpr std::string_view space = " \n";
    if (password.empty() || password.find_first_of(space) != std::string_view::npos) return false;
    for (std::size_t at = common.find(password); at != std::string_view::npos;
         at = common.find(password, at + 1)) {
        const bool begins = space.find(common[at - 1]) != std::string_view::npos;
        if (begins && space.find(common[at + password.size()]) != std::string_view::npos) return true;
    }
    return false;
}

}  // namespace credvault::access
