#include "access/mail/smtp.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <memory>

#include "base/clock.h"

namespace credvault::access {
namespace {

struct Upload {
    std::string_view rest;
};

std::size_t read_some(char* to, std::size_t size, std::size_t count, void* from) {
    auto* upload = static_cast<Upload*>(from);
    const std::size_t taken = std::min(size * count, upload->rest.size());
    std::memcpy(to, upload->rest.data(), taken);
    upload->rest.remove_prefix(taken);
    return taken;
}

std::size_t drop(char*, std::size_t size, std::size_t count, void*) { return size * count; }

using Handle = std::unique_ptr<CURL, void (*)(CURL*)>;
using List = std::unique_ptr<curl_slist, void (*)(curl_slist*)>;

/// Fails where the file can't be read.
std::optional<std::string> first_line(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    if (!std::getline(file, line)) return {};
    if (line.ends_with('\r')) line.pop_back();
    return line;
}

void set_transport(CURL* curl, const SmtpSettings& settings) {
    curl_easy_setopt(curl, CURLOPT_URL, settings.url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_USE_SSL,
                     static_cast<long>(settings.require_tls ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    if (!settings.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, settings.ca_file.c_str());
    if (!settings.require_tls) {
        // Encrypted where it can be, but without trust there is none to demand.
        curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
        curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    }
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings.timeout_ms));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(settings.timeout_ms));
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &drop);
}

/// A reply of 5xx says no for good, but to a login, which the operator may set right.
bool is_permanent(CURL* curl, CURLcode code) {
    long reply = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply);
    return code != CURLE_LOGIN_DENIED && reply >= 550 && reply <= 559;
}

}  // namespace

std::optional<SmtpFailure> send_by_smtp(const SmtpSettings& settings, const Mail& mail,
                                        const std::string& id) {
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    const Handle curl(ready == CURLE_OK ? curl_easy_init() : nullptr, &curl_easy_cleanup);
    if (!curl) return SmtpFailure{"libcurl can't be used", false};
    set_transport(curl.get(), settings);
    if (!settings.user.empty()) {
        const auto password = first_line(settings.password_file);
        if (!password) return SmtpFailure{"mail.password_file can't be read", false};
        curl_easy_setopt(curl.get(), CURLOPT_USERNAME, settings.user.c_str());
        curl_easy_setopt(curl.get(), CURLOPT_PASSWORD, password->c_str());
    }
    const std::string sender = "<" + settings.from + ">";
    const std::string receiver = "<" + mail.to + ">";
    const List receivers(curl_slist_append(nullptr, receiver.c_str()), &curl_slist_free_all);
    curl_easy_setopt(curl.get(), CURLOPT_MAIL_FROM, sender.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_MAIL_RCPT, receivers.get());
    const std::string text = message_text(mail, settings.from, id, now_ms());
    Upload upload{text};
    curl_easy_setopt(curl.get(), CURLOPT_READFUNCTION, &read_some);
    curl_easy_setopt(curl.get(), CURLOPT_READDATA, &upload);
    curl_easy_setopt(curl.get(), CURLOPT_UPLOAD, 1L);
    std::array<char, CURL_ERROR_SIZE> detail{};
    curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, detail.data());
    const CURLcode code = curl_easy_perform(curl.get());
    if (code == CURLE_OK) return {};
    const char* what = detail[0] != '\0' ? detail.data() : curl_easy_strerror(code);
    return SmtpFailure{what, is_permanent(curl.get(), code)};
}

}  // namespace credvault::access
