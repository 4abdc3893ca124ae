package org.consentgateway.console.page;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.config.RoutesConfig;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.console.ApiRefused;
import org.consentgateway.console.ConsoleGuard;
import org.consentgateway.console.ConsolePages;
import org.consentgateway.console.ConsoleSection;
import org.consentgateway.console.Visit;

/** Thread-safe. What callers hear: every version, how it reads, what has changed, how it sounds. */
public final class TextPages implements ConsolePages {
    private static final String PATH = ConsoleSection.TEXTS.path();
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern PART = Pattern.compile("[a-z0-9.-]{1,60}");

    private final InstantSource clock;

    public TextPages(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void into(RoutesConfig routes, ConsoleGuard guard) {
        ApiScope read = ConsoleSection.TEXTS.scope();
        routes.get(PATH, guard.page(read, this::all));
        routes.get(PATH + "/sounds/{hash}/{part}", guard.page(read, TextPages::sound));
        routes.get(PATH + "/{id}/{language}/{version}", guard.page(read, TextPages::one));
    }

    private static JsonNode texts(Visit visit) {
        return visit.api().get(visit.session(), "/v1/texts");
    }

    private void all(Visit visit) {
        visit.show(
                ConsoleSection.TEXTS,
                "texts",
                TextsView.of(texts(visit), visit.words(), clock.instant()));
    }

    private static void one(Visit visit) {
        JsonNode texts = texts(visit);
        String path =
                "/texts/%s/%s/"
                        .formatted(
                                visit.context().pathParam("id"),
                                visit.context().pathParam("language"));
        String version = visit.context().pathParam("version");
        JsonNode wanted = named(texts, path + version).orElseThrow(() -> new ApiRefused(404, ""));
        String with = visit.context().queryParam("with");
        JsonNode before =
                with == null || with.isEmpty()
                        ? null
                        : named(texts, path + with).orElseThrow(() -> new ApiRefused(404, ""));
        List<String> others = new ArrayList<>();
        for (JsonNode each : texts.path("versions")) {
            if (TextsView.path(each).startsWith(path) && !TextsView.name(each).equals(version)) {
                others.add(TextsView.name(each));
            }
        }
        visit.show(
                wanted.path("id").asText() + " " + version,
                path + version,
                "text",
                TextView.of(
                        wanted,
                        before,
                        new TextView.Beside(
                                List.copyOf(others),
                                visit.session()
                                        .user()
                                        .role()
                                        .scopes()
                                        .contains(ApiScope.NOTICES_DRAFT)),
                        sounds(visit, wanted),
                        visit.words()));
    }

    private static Optional<JsonNode> named(JsonNode texts, String path) {
        return texts.path("versions")
                .valueStream()
                .filter(each -> TextsView.path(each).equals(path))
                .findFirst();
    }

    /** Of the newest words that were spoken under this name; empty where none were. */
    private static String sounds(Visit visit, JsonNode version) {
        String hash = "";
        JsonNode known = visit.api().get(visit.session(), "/v1/notices");
        for (JsonNode each : known.path("notices")) {
            boolean same = true;
            for (String field : List.of("id", "language", "version", "variant")) {
                same &= each.path(field).equals(version.path(field));
            }
            hash = same ? each.path("text_sha256").asText() : hash;
        }
        return hash.isEmpty() ? "" : PATH + "/sounds/" + hash;
    }

    private static void sound(Visit visit) {
        String hash = visit.context().pathParam("hash");
        String part = visit.context().pathParam("part");
        if (!HASH.matcher(hash).matches() || !PART.matcher(part).matches()) {
            throw new ApiRefused(404, "");
        }
        JsonNode said = visit.api().get(visit.session(), "/v1/notices/" + hash + "/sounds/" + part);
        visit.context()
                .contentType("audio/wav")
                .result(Base64.getDecoder().decode(said.path("wav").asText()));
    }
}
