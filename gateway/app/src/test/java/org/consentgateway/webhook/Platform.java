package org.consentgateway.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A platform with an interface of its own, over real HTTP: it takes nothing but what its public
 * documentation describes, and keeps one state for each thing it is told of. Thread-safe.
 */
final class Platform implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    /** Which one, and where its public documentation says that things are. */
    enum Kind {
        SALESFORCE(
                "",
                "(PATCH|DELETE) /services/data/v66\\.0/sobjects/ContactPointTypeConsent/"
                        + "Consent_Gateway_Id__c/("
                        + UUID
                        + "-[a-z]+)"),
        HUBSPOT("", "(POST) /crm/objects/2026-03/p_telephone_consent/batch/upsert()"),
        DYNAMICS(
                "",
                "(PATCH)"
                    + " /api/data/v9\\.2/msdynmkt_contactpointconsent4s\\(msdynmkt_contactpointvalue="
                    + "'([^']+)',msdynmkt_contactpointtype=534120002,_msdynmkt_purposeid_value="
                        + UUID
                        + "\\)"),
        FIDES("/api/v1", "(PATCH) /api/v1/privacy-preferences()");

        private final String base;
        private final Pattern request;

        Kind(String base, String request) {
            this.base = base;
            this.request = Pattern.compile(request);
        }

        String file() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        JsonSchema schema() {
            String path = "platforms/" + file() + ".schema.json";
            try (InputStream in = Platform.class.getResourceAsStream(path)) {
                return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                        .getSchema(
                                new String(in.readAllBytes(), StandardCharsets.UTF_8),
                                InputFormat.JSON,
                                SchemaValidatorsConfig.builder()
                                        .formatAssertionsEnabled(true)
                                        .build());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** What is done before a request is answered. */
    interface Meanwhile {
        void happens(String body) throws Exception;
    }

    private final Kind kind;
    private final JsonSchema schema;
    private final HttpServer server;
    private final Map<String, String> states = new ConcurrentHashMap<>();
    private final List<String> wrong = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile String token = "first";
    private volatile int answer;
    private volatile Meanwhile meanwhile = _ -> {};

    Platform(Kind kind) throws IOException {
        this.kind = kind;
        this.schema = kind.schema();
        this.server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + kind.base);
    }

    /** Only with this one is anything taken from now on. */
    void token(String other) {
        token = other;
    }

    /**
     * @param status to every request from now on; 0: as it is due
     */
    void answers(int status) {
        answer = status;
    }

    void meanwhile(Meanwhile other) {
        meanwhile = other;
    }

    /** Of each thing, by its key, sorted. */
    Map<String, String> states() {
        return new TreeMap<>(states);
    }

    /** What it could not take, and why. */
    List<String> wrong() {
        return wrong;
    }

    /** Method and path of what came. */
    List<String> requests() {
        return requests;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String what = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        requests.add(what);
        int status = status(exchange, what, body);
        try {
            meanwhile.happens(body);
        } catch (Exception e) {
            wrong.add(e.toString());
        }
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private int status(HttpExchange exchange, String what, String body) throws IOException {
        if (!("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            return 401;
        }
        if (answer != 0) {
            return answer;
        }
        Matcher request = kind.request.matcher(what);
        if (!request.matches()) {
            wrong.add("no such thing: " + what);
            return 404;
        }
        if (request.group(1).equals("DELETE")) {
            return states.remove(request.group(2)) == null ? 404 : 204;
        }
        String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
        JsonNode json = JSON.readTree(body);
        var faults = schema.validate(json);
        if (!type.equals("application/json") || !faults.isEmpty()) {
            wrong.add(what + " " + type + " " + faults);
            return 400;
        }
        keep(what, request.group(2), json);
        return 200;
    }

    private void keep(String what, String key, JsonNode json) {
        switch (kind) {
            case SALESFORCE -> states.put(key, json.path("PrivacyConsentStatus").asText());
            case HUBSPOT ->
                    json.path("inputs")
                            .forEach(one ->
                                    states.put(
                                            one.path("id").asText(),
                                            one.at("/properties/state").asText()));
            case DYNAMICS ->
                    states.put(
                            key + " " + what.replaceAll(".*(.{3})\\)", "$1"),
                            json.path("msdynmkt_value").asText());
            case FIDES ->
                    json.path("preferences")
                            .forEach(one ->
                                    states.put(
                                            json.path("browser_identity").elements().next().asText()
                                                    + " "
                                                    + one.path("privacy_notice_history_id")
                                                            .asText()
                                                            .replaceAll(".*(...)$", "$1"),
                                            one.path("preference").asText()));
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
