package org.consentgateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Confined to the main thread. A command that asks the running gateway, by its web address. */
abstract class RunningGateway implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A probe waits for servers that stay silent, a reload for all recordings to be read. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int NOT_FOUND = 404;
    private static final int OK = 200;

    private final Supplier<InetSocketAddress> web;
    @Spec private @Nullable CommandSpec spec;

    RunningGateway(Supplier<InetSocketAddress> web) {
        this.web = web;
    }

    final PrintWriter out() {
        return line().getOut();
    }

    final PrintWriter err() {
        return line().getErr();
    }

    private CommandLine line() {
        if (spec == null) {
            throw new IllegalStateException("not run by picocli");
        }
        return spec.commandLine();
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
}
