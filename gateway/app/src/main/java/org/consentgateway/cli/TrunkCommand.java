package org.consentgateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Confined to the main thread. {@code trunk list|probe|trace}: asks the running gateway, by its web
 * address.
 */
@Command(
        name = "trunk",
        description = "How the trunks and those we dial stand; what was said on a call.",
        subcommands = CommandLine.HelpCommand.class)
public final class TrunkCommand extends CommandGroup {
    private TrunkCommand() {}

    /**
     * To be added to the root command under the name "trunk".
     *
     * @param web where the gateway listens for HTTP
     */
    public static CommandLine with(Supplier<InetSocketAddress> web) {
        return new CommandLine(new TrunkCommand())
                .addSubcommand(new ListAll(web))
                .addSubcommand(new Probe(web))
                .addSubcommand(new Trace(web));
    }

    /** Asks the running gateway for the status of its trunks. */
    abstract static class StatusRequest extends RunningGateway {
        StatusRequest(Supplier<InetSocketAddress> web) {
            super(web);
        }

        /** What is said of one trunk or target. */
        static void show(JsonNode peer, PrintWriter out) {
            out.printf(
                    Locale.ROOT,
                    "%-9s  %-20s  %-7s  %s%n",
                    peer.path("kind").asText(),
                    peer.path("name").asText(),
                    peer.path("health").asText(),
                    peer.path("uri").asText("").replace("null", ""));
            if (peer.path("heard").isTextual()) {
                out.println("           last request from it: " + peer.path("heard").asText());
            }
            JsonNode registration = peer.path("registration");
            if (registration.isObject()) {
                out.printf(
                        "           registration: %s, last answer %d%n",
                        registration.path("registered").asBoolean() ? "stands" : "does not stand",
                        registration.path("status").asInt());
            }
            for (JsonNode server : peer.path("servers")) {
                out.printf(
                        Locale.ROOT,
                        "           %-36s %-7s  last answer %d%s%n",
                        server.path("address").asText(),
                        server.path("health").asText(),
                        server.path("status").asInt(),
                        server.path("roundTripMillis").isNumber()
                                ? String.format(
                                        Locale.ROOT,
                                        " after %.1f ms",
                                        server.path("roundTripMillis").asDouble())
                                : "");
            }
            calls("calls from it", peer.path("calls"), out);
            calls("calls to it", peer.path("dialled"), out);
        }

        private static void calls(String title, JsonNode calls, PrintWriter out) {
            if (calls.path("answers").isEmpty() && calls.path("rejected").isEmpty()) {
                return;
            }
            StringBuilder line = new StringBuilder("           " + title + ":");
            calls.path("answers")
                    .properties()
                    .forEach(answer ->
                            line.append(' ')
                                    .append(answer.getKey())
                                    .append(" x ")
                                    .append(answer.getValue().asLong())
                                    .append(','));
            ratio(" ASR", calls.path("establishment"), line);
            ratio(", NER", calls.path("effectiveness"), line);
            ratio(", ISA", calls.path("ineffective"), line);
            calls.path("rejected")
                    .properties()
                    .forEach(why ->
                            line.append("; rejected ")
                                    .append(why.getKey())
                                    .append(" x ")
                                    .append(why.getValue().asLong()));
            out.println(line.toString().replaceFirst(",$", ""));
        }

        private static void ratio(String name, JsonNode share, StringBuilder line) {
            if (share.isNumber()) {
                line.append(String.format(Locale.ROOT, "%s %.0f %%", name, share.asDouble() * 100));
            }
        }
    }

    @Command(
            name = "list",
            description = {
                "Trunks, assistants and humans: registrations, servers, last answers, calls since"
                        + " start.",
                "ASR and NER are the SER and SEER of RFC 6076, ISA its ineffective attempts."
            })
    static final class ListAll extends StatusRequest {
        ListAll(Supplier<InetSocketAddress> web) {
            super(web);
        }

        @Override
        public Integer call() throws IOException, InterruptedException {
            for (JsonNode peer : ask("GET", "/peers", "this gateway is older")) {
                show(peer, out());
            }
            out().flush();
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "probe",
            description = {
                "Has the gateway resolve a trunk or target anew and ask its servers by OPTIONS.",
                "Any answer but 503 says that somebody is there."
            })
    static final class Probe extends StatusRequest {
        @Parameters(paramLabel = "NAME", description = "As in the configuration.")
        private String name = "";

        Probe(Supplier<InetSocketAddress> web) {
            super(web);
        }

        @Override
        public Integer call() throws IOException, InterruptedException {
            String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
            boolean up = true;
            for (JsonNode peer :
                    ask(
                            "POST",
                            "/peers/" + encoded + "/probe",
                            "nobody is called \"" + name + "\": trunk list tells the names")) {
                show(peer, out());
                up &= !peer.path("health").asText().equals("down");
            }
            out().flush();
            return up ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    @Command(
            name = "trace",
            description = {
                "The SIP messages of one of the last calls, without whatever names a person.",
                "What the SIP stack repeats by itself is not shown."
            })
    static final class Trace extends StatusRequest {
        @Parameters(paramLabel = "CALL-ID", description = "As in the log: call=...")
        private String call = "";

        Trace(Supplier<InetSocketAddress> web) {
            super(web);
        }

        @Override
        public Integer call() throws IOException, InterruptedException {
            JsonNode steps =
                    ask(
                            "GET",
                            "/calls/" + URLEncoder.encode(call, StandardCharsets.UTF_8) + "/trace",
                            "no such call, or it is forgotten: the last few hundred are kept");
            Instant start = Instant.parse(steps.path(0).path("at").asText());
            out().println(call + " from " + start);
            for (JsonNode step : steps) {
                Duration after = Duration.between(start, Instant.parse(step.path("at").asText()));
                out().printf(
                                Locale.ROOT,
                                "%9.3f  leg %d  %-28s %s  %s%n",
                                after.toNanos() / 1e9,
                                step.path("leg").asInt(),
                                step.path("peer").asText(),
                                step.path("sent").asBoolean() ? "<--" : "-->",
                                step.path("message").asText());
            }
            out().flush();
            return ExitCode.DONE;
        }
    }
}
