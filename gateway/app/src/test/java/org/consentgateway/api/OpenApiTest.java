package org.consentgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.consentgateway.api.TestApi.Said;
import org.consentgateway.web.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The description and the routes are the same, and whatever is sent to a route, by the description
 * or against it, the answer is one that stands there.
 */
@Timeout(90)
class OpenApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ROUNDS = Integer.getInteger("api.fuzz.rounds", 12);
    private static final long SEED = 20261127;

    @TempDir private Path directory;

    /** A request each second: nobody is too fast. */
    private Instant now = InstantSource.system().instant();

    private TestApi api;
    private JsonNode spec;

    @BeforeEach
    void start() throws Exception {
        api = new TestApi(directory, () -> now, 1000);
        spec = new YAMLMapper().readTree(ApiServer.OPENAPI);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void everyRouteIsDescribedWithItsScopeAndNothingElseIs() {
        Set<String> described = new TreeSet<>();
        spec.path("paths")
                .properties()
                .forEach(path ->
                        path.getValue()
                                .properties()
                                .forEach(method ->
                                        described.add(
                                                method.getKey().toUpperCase(Locale.ROOT)
                                                        + " "
                                                        + path.getKey()
                                                        + " "
                                                        + method.getValue()
                                                                .path("x-scope")
                                                                .asText())));
        Set<String> routes = new TreeSet<>();
        api.routes.all().forEach(route -> routes.add(route.action() + " " + route.scope().text()));
        assertThat(described).isEqualTo(routes);
    }

    /** The worst ones are told while somebody looks for what is wrong. */
    @Test
    void everyStateThatAPartCanHaveIsDescribed() {
        Set<String> described = new TreeSet<>();
        spec.at("/components/schemas/PartState/enum").forEach(each -> described.add(each.asText()));
        Set<String> states = new TreeSet<>();
        for (Status.State state : Status.State.values()) {
            states.add(state.name().toLowerCase(Locale.ROOT));
        }
        assertThat(described).isEqualTo(states);
    }

    /** A comma in a sentence that is not quoted would end it, and begin a key. */
    @Test
    void noSentenceHasBecomeAKey() {
        assertThat(keys(spec)).noneMatch(key -> key.contains(" "));
    }

    private static Set<String> keys(JsonNode node) {
        Set<String> keys = new TreeSet<>();
        node.fieldNames().forEachRemaining(keys::add);
        node.forEach(child -> keys.addAll(keys(child)));
        return keys;
    }

    @Test
    void everyRouteIsOpenedByAKeyOrATokenAndNothingElse() {
        assertThat(spec.path("security").toString()).isEqualTo("[{\"bearer\":[]},{\"oidc\":[]}]");
        assertThat(spec.findValues("security")).hasSize(1);
        JsonNode schemes = spec.at("/components/securitySchemes");
        assertThat(schemes.at("/bearer/scheme").asText()).isEqualTo("bearer");
        assertThat(schemes.at("/oidc/type").asText()).isEqualTo("openIdConnect");
        assertThat(schemes.at("/oidc/openIdConnectUrl").asText())
                .endsWith("/.well-known/openid-configuration");
    }

    @Test
    void whatChangesSomethingNeedsAKeyOfItsRequest() {
        for (ApiRoute route : api.routes.all()) {
            boolean described =
                    operation(route)
                            .path("parameters")
                            .toString()
                            .contains("#/components/parameters/IdempotencyKey");
            assertThat(described).as(route.action()).isEqualTo(route.changes());
        }
    }

    private JsonNode operation(ApiRoute route) {
        return spec.path("paths")
                .path(route.path())
                .path(route.method().name().toLowerCase(Locale.ROOT));
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? spec.at(node.path("$ref").asText().substring(1)) : node;
    }

    @Test
    void whateverIsSentTheAnswerIsOneOfThoseDescribed() throws Exception {
        UUID consent = api.given(TestApi.NUMBER).record();
        UUID task = api.callBack("+493011112222");
        String key = api.key();
        Random random = new Random(SEED);
        assertThat(
                        api.send("PUT", "/v1/subjects/crm-1", key, "{\"number\":\"+4930123456\"}")
                                .status())
                .isEqualTo(204);
        List<String> ids = List.of(consent.toString(), task.toString());
        for (ApiRoute route : api.routes.all()) {
            if (route.path().equals("/v1/drain")) {
                continue;
            }
            for (int i = 0; i < ROUNDS; i++) {
                now = now.plusSeconds(1);
                Said said = send(route, key, ids, random);
                assertDescribed(route, said);
            }
        }
    }

    private Said send(ApiRoute route, String key, List<String> ids, Random random)
            throws Exception {
        String path =
                route.path()
                        .replace("{id}", Fuzz.path(random, ids))
                        .replace("{reference}", Fuzz.path(random, List.of("crm-1", "crm-2")))
                        .replace("{text_sha256}", Fuzz.path(random, List.of("0".repeat(64))));
        List<String> headers = new ArrayList<>();
        if (random.nextInt(8) > 0) {
            headers.addAll(List.of("Idempotency-Key", Fuzz.token(random)));
        }
        if (random.nextInt(6) == 0) {
            headers.addAll(List.of("If-Match", Fuzz.token(random)));
        }
        if (random.nextInt(6) == 0) {
            headers.addAll(List.of("If-None-Match", Fuzz.token(random)));
        }
        String query = Fuzz.query(random, operation(route).path("parameters"), this::resolved);
        JsonNode body =
                operation(route)
                        .path("requestBody")
                        .path("content")
                        .path("application/json")
                        .path("schema");
        return api.send(
                route.method().name(),
                path + query,
                key,
                body.isMissingNode() ? "" : Fuzz.body(random, body, this::resolved),
                headers.toArray(String[]::new));
    }

    private void assertDescribed(ApiRoute route, Said said) throws Exception {
        String what = route.action() + " " + said.status() + " " + said.response().uri();
        assertThat(said.status()).as(what).isNotEqualTo(500);
        JsonNode responses = operation(route).path("responses");
        JsonNode response =
                resolved(
                        responses.has(Integer.toString(said.status()))
                                ? responses.path(Integer.toString(said.status()))
                                : responses.path("default"));
        String type = said.header("Content-Type");
        if (said.status() >= 400) {
            assertThat(type).as(what).isEqualTo("application/problem+json");
        }
        if (said.response().body().isEmpty()) {
            assertThat(response.has("content") && said.status() < 300).as(what).isFalse();
            return;
        }
        JsonNode schema = response.path("content").path(type.split(";", 2)[0]).path("schema");
        assertThat(schema.isMissingNode()).as(what + ": " + type + " is not described").isFalse();
        if (type.startsWith("text/html")) {
            assertThat(said.response().body()).as(what).startsWith("<!DOCTYPE html>");
            return;
        }
        assertThat(validator(schema).validate(said.response().body(), InputFormat.JSON))
                .as(what + " " + said.response().body())
                .isEmpty();
    }

    /** Of this schema, with all that it may refer to. */
    private JsonSchema validator(JsonNode schema) throws Exception {
        ObjectNode whole = schema.deepCopy();
        whole.set("components", spec.path("components"));
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(JSON.writeValueAsString(whole), InputFormat.JSON);
    }
}
