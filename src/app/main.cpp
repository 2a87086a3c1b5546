// The command line.
#include <CLI/CLI.hpp>

#include <cstdio>
#include <string>
#include <string_view>

#include "api/endpoints.h"
#include "api/openapi.h"
#include "api/yaml.h"
#include "app/check.h"
#include "app/config.h"
#include "app/export_command.h"
#include "app/import_command.h"
#include "app/reset_code.h"
#include "app/sample.h"
#include "app/serve.h"

namespace {

using namespace credvault;

void add_serve(CLI::App& app, app::ServeOptions& options, int& status) {
    CLI::App* command = app.add_subcommand("serve", "Run the server");
    command->add_option("--data", options.data, "The data directory; made where it is missing")->required();
    command->add_option("--listen", options.listen, "HOST:PORT (127.0.0.1:8080)");
    command->add_option("--config", options.config, "A configuration file (TOML); see `credvault config`");
    command->add_option("--engine", options.engine)->group("");  // For the test suites.
    command->callback([&] { status = app::serve(options); });
}

void add_check(CLI::App& app, std::string& directory, int& status) {
    CLI::App* command = app.add_subcommand("check", "Verify a data directory that no server uses");
    command->add_option("directory", directory, "The data directory")->required();
    command->callback([&] { status = app::check(directory); });
}

void add_prints(CLI::App& app) {
    CLI::App* openapi = app.add_subcommand("openapi", "Print the OpenAPI document");
    openapi->add_flag("--yaml")->description("As YAML");
    openapi->callback([openapi] {
        const std::string document = api::openapi_document(api::endpoints());
        const bool yaml = openapi->count("--yaml") > 0;
        std::printf("%s\n", yaml ? api::yaml_from_json(document).c_str() : document.c_str());
    });
    app.add_subcommand("config", "Print the configuration's defaults with what they mean")->callback([] {
        std::fputs(app::config_text({}).c_str(), stdout);
    });
    app.add_subcommand("version", "Print the version")->callback([] {
        std::printf("credvault %s\n", CREDVAULT_VERSION);
    });
}

/// Says so where the word is no command.
bool is_command(const CLI::App& app, std::string_view word) {
    std::string known;
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
        if (command->get_name() == word) return true;
        known += (known.empty() ? "" : ", ") + command->get_name();
    }
    std::fprintf(stderr, "credvault: there is no command '%.*s'; there are %s\n",
                 static_cast<int>(word.size()), word.data(), known.c_str());
    return false;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("A document database with a REST API", "credvault");
    app.require_subcommand(1);
    int status = 0;
    app::ServeOptions serve_options;
    std::string check_directory;
    add_serve(app, serve_options, status);
    add_check(app, check_directory, status);
    add_prints(app);
    app::add_import_command(app, status);
    app::add_export_command(app, status);
    app::add_sample_command(app, status);
    app::add_reset_code_command(app, status);
    if (argc > 1 && argv[1][0] != '-' && !is_command(app, argv[1])) return 2;
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    return status;
}
