package org.consentgateway.ledger.witness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Thread-safe. A C2SP tlog-witness over HTTP; its prefix is the root of the server. */
public final class WitnessServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WitnessServer.class);

    /** A proof of 63 hashes and a checkpoint with many signatures are far below. */
    private static final int MAX_BODY = 64 * 1024;

    private static final Pattern CHECKPOINT = Pattern.compile("/([0-9a-f]{64})/checkpoint");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Cosigner cosigner;

    private WitnessServer(HttpServer server, Cosigner cosigner) {
        this.server = server;
        this.cosigner = cosigner;
    }

    /**
     * @throws IOException where the address is not free
     */
    public static WitnessServer start(
            InetSocketAddress listen, WitnessMemory memory, WitnessedLogs logs, InstantSource clock)
            throws IOException {
        // Read once, by the first server of the process: a request that does not end is ended.
        System.setProperty("sun.net.httpserver.maxReqTime", "10");
        System.setProperty("sun.net.httpserver.maxRspTime", "10");
        System.setProperty("jdk.httpserver.maxConnections", "1000");
        HttpServer http;
        try {
            http = HttpServer.create(listen, 0);
        } catch (IOException e) {
            throw new IOException("cannot listen on " + listen + ": " + e.getMessage(), e);
        }
        var server = new WitnessServer(http, new Cosigner(memory, logs, clock));
        http.setExecutor(server.threads);
        http.createContext("/", server::handle);
        http.start();
        return server;
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Cosigner.Answer answer;
            try {
                answer = answer(exchange);
            } catch (RuntimeException e) {
                LOG.error("a request failed", e);
                answer = Cosigner.Answer.refused(500, "it failed");
            }
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.type());
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Cosigner.Answer answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        Matcher checkpoint = CHECKPOINT.matcher(path);
        if (path.equals("/add-checkpoint")) {
            if (!method.equals("POST")) {
                return Cosigner.Answer.refused(405, "POST it");
            }
            byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
            return body.length > MAX_BODY
                    ? Cosigner.Answer.refused(413, "too long")
                    : cosigner.add(new String(body, StandardCharsets.UTF_8));
        }
        if (checkpoint.matches()) {
            return method.equals("GET")
                    ? cosigner.newest(checkpoint.group(1))
                    : Cosigner.Answer.refused(405, "GET it");
        }
        return Cosigner.Answer.refused(404, "add-checkpoint, or HASH-OF-ORIGIN/checkpoint");
    }

    /** Nothing is answered after this. */
    @Override
    public void close() {
        server.stop(1);
        threads.close();
    }
}
