package org.consentgateway.tracing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/** Thread-safe. Takes OTLP over HTTP, and reads it with the protocol's own classes. */
public final class Collector implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<ExportTraceServiceRequest> taken = new CopyOnWriteArrayList<>();
    private volatile int status = 200;

    private Collector() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.setExecutor(threads);
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    public static Collector start() throws IOException {
        return new Collector();
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces");
    }

    void answers(int other) {
        status = other;
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange;
                InputStream body = new GZIPInputStream(exchange.getRequestBody())) {
            ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(body);
            if (status == 200) {
                taken.add(request);
            }
            exchange.sendResponseHeaders(status, -1);
        }
    }

    /** All that was sent, as text with every field. */
    public String text() {
        return taken.toString();
    }

    /** Of the process. */
    Map<String, String> resource() {
        return values(taken.getFirst().getResourceSpans(0).getResource().getAttributesList());
    }

    /** Of one call, in the order in which they ended. */
    public List<Span> spansOf(String call) {
        return taken.stream()
                .flatMap(request -> request.getResourceSpansList().stream())
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream())
                .filter(span -> hex(span.getTraceId().toByteArray()).equals(call.replace("-", "")))
                .toList();
    }

    public static String hex(byte[] id) {
        return HexFormat.of().formatHex(id);
    }

    public static Map<String, String> values(List<KeyValue> attributes) {
        return attributes.stream()
                .collect(
                        Collectors.toMap(
                                KeyValue::getKey,
                                one ->
                                        one.getValue().hasBoolValue()
                                                ? "" + one.getValue().getBoolValue()
                                                : one.getValue().getStringValue()));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
