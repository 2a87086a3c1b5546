#include "app/reset_code.h"

#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <utility>

#include "access/sessions/token.h"
#include "access/system.h"
#include "access/users/email.h"
#include "access/users/password_reset.h"
#include "app/engines.h"
#include "base/clock.h"
#include "base/run_loop.h"

namespace credvault::app {
namespace {

constexpr std::int64_t life_ms = 24 * 3'600'000;

struct Options {
    std::string data, email;
};

/// Writes a reset for the account and returns its code.
Reply<std::string> issue(storage::Engine& engine, std::string email) {
    access::SystemRecords records(engine);
    access::Users users(records);
    CO_TRY_VOID(co_await users.open());
    CO_TRY_VOID(co_await access::open_password_resets(records));
    CO_TRY(const std::string normalised, access::normalised_email(email));
    CO_TRY(const std::optional<access::User> user, co_await users.by_email(normalised));
    if (!user) co_return Error(ErrorCode::INVALID_PARAMETER, "There is no user with the email " + normalised);
    std::string code = access::make_token(access::TokenKind::Reset);
    const std::string record = access::reset_record(user->id, code, now_ms() + life_ms);
    storage::WriteBatch batch = access::system_batch();
    batch.operations.push_back(storage::InsertRecord{access::password_resets_collection, record});
    CO_TRY_VOID(co_await records.write(batch));
    co_return code;
}

int run(const Options& options) {
    ::umask(077);
    const Config config;
    auto engines = EngineStack::open(config, options.data);
    if (!engines.ok()) {
        std::fprintf(stderr, "credvault: %s\n", engines.error().message.c_str());
        return 1;
    }
    RunLoop loop;
    const auto code = loop.wait(issue((*engines)->top(), options.email));
    (*engines)->top().stop();
    if (!code.ok()) {
        std::fprintf(stderr, "credvault: %s\n", code.error().message.c_str());
        return 1;
    }
    std::printf("%s\n", code->c_str());
    std::fprintf(stderr,
                 "Good for one use within 24 hours: POST /v1/auth/reset/confirm with code and password\n");
    return 0;
}

}  // namespace

void add_reset_code_command(CLI::App& app, int& status) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand("reset-code", "Make a code that sets a user's password anew");
    command->add_option("--data", options->data, "The data directory; no server may be using it")->required();
    command->add_option("email", options->email, "The user's email")->required();
    command->callback([options, &status] { status = run(*options); });
}

}  // namespace credvault::app
