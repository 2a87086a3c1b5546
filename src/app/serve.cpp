#include "app/serve.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "access/users/email.h"
#include "app/program.h"
#include "base/log.h"
#include "pages/page.h"

namespace credvault::app {
namespace {

int fail(const Error& error, int status) {
    log::flush();
    std::fprintf(stderr, "credvault: %s\n", error.message.c_str());
    if (!error.cause.empty()) std::fprintf(stderr, "  (%s)\n", error.cause.c_str());
    return status;
}

Result<std::string> sender_of(const std::string& from) {
    Result<std::string> address = access::normalised_email(from);
    if (address.ok()) return address;
    return Error(ErrorCode::INVALID_PARAMETER, "mail.from must be an address, since mail.smtp_url is set");
}

Result<Config> configured(const ServeOptions& options) {
    Config config;
    if (!options.config.empty()) {
        TRY(config, read_config(options.config));
    }
    if (!options.listen.empty()) config.listen = options.listen;
    if (!options.engine.empty()) config.engine = options.engine;
    TRY_VOID(parse_address(config.listen, "--listen"));
    if (!config.identity.outbox.smtp.url.empty()) {
        // What mails are sent from must be an address.
        TRY(config.identity.outbox.smtp.from, sender_of(config.identity.outbox.smtp.from));
    }
    return config;
}

/// Every connection and database takes files; the usual soft limit of 1,024 is no help to anyone. Where the hard one is
/// low, fewer databases are open at a time: one takes a file or two for each thread that reads it.
void fit_files(std::size_t& max_open_databases) {
    constexpr std::size_t files_of_a_database = 16;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    const std::size_t most = std::max<std::size_t>(limit.rlim_max / files_of_a_database, 16);
    max_open_databases = std::min(max_open_databases, most);
}

/// Blocks the signals before the first thread starts, so that all threads inherit it and only wait_for_signals takes
/// them.
sigset_t blocked_signals() {
    sigset_t set;
    sigemptyset(&set);
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, number);
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
    return set;
}

void banner(const Program& program, const std::optional<std::string>& made_key) {
    const bool secure = !program.config().tls.certificate_chain.empty();
    std::string host = program.config().listen.substr(0, program.config().listen.rfind(':'));
    if (host == "0.0.0.0" || host == "[::]") host = "localhost";
    const std::string url = (secure ? "https://" : "http://") + host + ":" + std::to_string(program.port());
    std::printf("CredVault %s listens on %s\n", CREDVAULT_VERSION, url.c_str());
    if (!pages::packed_pages().empty())
        std::printf("  Dashboard: %s/   API explorer: %s/api-docs\n", url.c_str(), url.c_str());
    if (made_key) {
        std::printf("\n  API key (all scopes, shown this once): %s\n", made_key->c_str());
    } else {
        std::printf("  It takes the API keys that it has, and CREDVAULT_ADMIN_KEY where that was set.\n");
    }
    if (program.setup_code()) {
        std::printf("\n  Code for the first owner (until there is one): %s\n", program.setup_code()->c_str());
        std::printf(
            "    curl %s/v1/auth/setup -d '{\"code\":\"…\",\"email\":…,\"password\":…,\"name\":…}'"
            " -H 'Content-Type: application/json'\n",
            url.c_str());
    }
    std::printf("\n  Try it:\n    curl %s/v1/databases -H 'Authorization: ApiKey %s'\n\n", url.c_str(),
                made_key ? made_key->c_str() : "$CREDVAULT_KEY");
    std::fflush(stdout);
}

/// A secret of the environment, which stays out of what child processes would see later.
std::string taken(const char* name) {
    const char* value = std::getenv(name);
    std::string text = value != nullptr ? value : "";
    ::unsetenv(name);
    return text;
}

FromEnvironment from_environment() {
    return {taken("CREDVAULT_ADMIN_KEY"), taken("CREDVAULT_ADMIN_EMAIL"), taken("CREDVAULT_ADMIN_PASSWORD")};
}

void wait_for_signals(Program& program, const sigset_t& set) {
    for (;;) {
        int number = 0;
        if (::sigwait(&set, &number) != 0) continue;
        if (number != SIGHUP) return;
        program.reload();
    }
}

void configure_log(const Config& config) {
    log::Options options;
    options.level = log::level_named(config.log_level).value_or(log::Level::Info);
    options.format = config.log_format == "json" ? log::Format::Json : log::Format::Text;
    log::configure(std::move(options));
}

}  // namespace

int serve(const ServeOptions& options) {
    Result<Config> config = configured(options);
    if (!config.ok()) return fail(config.error(), 2);
    ::umask(077);
    fit_files(config->storage.max_open_databases);
    const sigset_t signals = blocked_signals();
    configure_log(*config);
    config->transfers.spool_directory = options.data + "/imports";
    auto engines = EngineStack::open(*config, options.data);
    if (!engines.ok()) return fail(engines.error(), 1);
    if (config->engine != "memory") {
        config->queries.spill_directory = options.data;
        auto key = access::ServerKey::open(options.data + "/server.key");
        if (!key.ok()) return fail(key.error(), 1);
        config->server_key = *key;
    }
    Program program(std::move(config).value(), std::move(engines).value());
    const auto started = program.start(from_environment());
    if (!started.ok())
        return fail(started.error(), started.error().code == ErrorCode::INVALID_PARAMETER ? 2 : 1);
    banner(program, *started);
    wait_for_signals(program, signals);
    log::info("stopping");
    program.stop();
    log::flush();
    return 0;
}

}  // namespace credvault::app
