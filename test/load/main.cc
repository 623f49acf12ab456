// The load that benchmarks, story tests and the torture put on a server. Loopback only.
#include "load/modes.h"

#include <CLI/CLI.hpp>

using namespace onefold::load;

int main(int count, char** words) {
    CLI::App app{"load"};
    app.require_subcommand(1);
    int code = 0;

    IngestOptions ingesting;
    auto* const command = app.add_subcommand("ingest", "messages, as fast as they are taken or at a rate");
    command->add_option("--port", ingesting.port)->required();
    command->add_option("--key", ingesting.key)->required();
    command->add_option("--prefix", ingesting.prefix);
    command->add_option("--batch", ingesting.batch);
    command->add_option("--connections", ingesting.connections);
    command->add_option("--seconds", ingesting.seconds);
    command->add_option("--requests", ingesting.requests);
    command->add_option("--requests-per-s", ingesting.requests_per_s);
    command->add_option("--connections-max", ingesting.connections_max);
    command->add_option("--users", ingesting.users);
    command->add_option("--crowd", ingesting.crowd);
    command->add_option("--first", ingesting.first);
    command->add_option("--record", ingesting.record);
    command->callback([&] { code = ingest(ingesting); });

    IdleOptions idling;
    auto* const idle_command = app.add_subcommand("idle", "connections that are held");
    idle_command->add_option("--port", idling.port)->required();
    idle_command->add_option("--connections", idling.connections);
    idle_command->add_option("--seconds", idling.seconds);
    idle_command->add_option("--requests-per-s", idling.requests_per_s);
    idle_command->add_option("--server", idling.server)->required();
    idle_command->callback([&] { code = idle(idling); });

    SlowOptions slowing;
    auto* const slow_command = app.add_subcommand(
        "slow", "clients that are slow (head, body, read, sip) or ask for a thousand ranges (range)");
    slow_command->add_option("--port", slowing.port)->required();
    slow_command->add_option("--connections", slowing.connections);
    slow_command->add_option("--seconds", slowing.seconds);
    slow_command->add_option("--kind", slowing.kind)->check(CLI::IsMember({"head", "body", "read", "sip", "range"}));
    slow_command->callback([&] { code = slow(slowing); });

    RepeatOptions repeating;
    auto* const repeat_command = app.add_subcommand("repeat", "a known set of messages, some of them twice");
    repeat_command->add_option("--port", repeating.port)->required();
    repeat_command->add_option("--key", repeating.key)->required();
    repeat_command->add_option("--prefix", repeating.prefix);
    repeat_command->add_option("--events", repeating.events);
    repeat_command->add_option("--duplicates", repeating.duplicates);
    repeat_command->add_option("--senders", repeating.senders);
    repeat_command->add_option("--lost", repeating.lost);
    repeat_command->add_option("--seed", repeating.seed);
    repeat_command->add_option("--users", repeating.users);
    repeat_command->callback([&] { code = repeat(repeating); });

    MalformedOptions breaking;
    auto* const malformed_command = app.add_subcommand("malformed", "broken requests");
    malformed_command->add_option("--port", breaking.port)->required();
    malformed_command->add_option("--key", breaking.key)->required();
    malformed_command->add_option("--requests", breaking.requests);
    malformed_command->add_option("--seed", breaking.seed);
    malformed_command->add_option("--connections", breaking.connections);
    malformed_command->callback([&] { code = malformed(breaking); });

    CLI11_PARSE(app, count, words);
    return code;
}
