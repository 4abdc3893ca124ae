package org.consentgateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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
    abstract static class StatusRequest implements Callable<Integer> {
        private static final ObjectMapper JSON = new ObjectMapper();

        /** A probe waits for servers that stay silent. */
        private static final Duration PATIENCE = Duration.ofSeconds(40);

        private static final int NOT_FOUND = 404;
        private static final int OK = 200;

        private final Supplier<InetSocketAddress> web;
        @Spec private @Nullable CommandSpec spec;

        StatusRequest(Supplier<InetSocketAddress> web) {
            this.web = web;
        }

        final PrintWriter out() {
            if (spec == null) {
                throw new IllegalStateException("not run by picocli");
            }
            return spec.commandLine().getOut();
        }

        /**
         * @param method GET or POST
         * @param unknown said where the gateway knows no such thing
         */
        final JsonNode ask(String method, String path, String unknown)
                throws IOException, InterruptedException {
            InetSocketAddress at = web.get();
            String host = at.getAddress().isAnyLocalAddress() ? "127.0.0.1" : at.getHostString();
            String bracketed = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
            URI uri = URI.create("http://" + bracketed + ":" + at.getPort() + path);
            HttpRequest request =
                    HttpRequest.newBuilder(uri)
                            .timeout(PATIENCE)
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build();
            try (HttpClient client = HttpClient.newHttpClient()) {
                HttpResponse<String> response =
                        client.send(request, HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() == NOT_FOUND) {
                    throw new IOException(unknown);
                }
                if (response.statusCode() != OK) {
                    throw new IOException(uri + " answered " + response.statusCode());
                }
                return JSON.readTree(response.body());
            } catch (ConnectException e) {
                throw new IOException(
                        "no gateway answers at " + uri.getAuthority() + ": is it running?", e);
            }
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
