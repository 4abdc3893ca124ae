package org.consentgateway.console.page.variant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.HttpStatus;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.console.ApiRefused;
import org.consentgateway.console.ConsoleGuard;
import org.consentgateway.console.ConsolePages;
import org.consentgateway.console.Visit;

/**
 * Thread-safe. Another wording of a text: written in a form, checked as it would be spoken, and
 * handed over as a file and a block of the configuration. Changes nothing: the files stay the
 * truth.
 */
public final class VariantPages implements ConsolePages {
    private static final String PATH = "/texts/{id}/{language}/{version}/variant";
    private static final String YAML = "application/yaml; charset=utf-8";

    private final InstantSource clock;

    public VariantPages(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void into(RoutesConfig routes, ConsoleGuard guard) {
        routes.get(PATH, guard.page(ApiScope.NOTICES_DRAFT, this::form));
        routes.post(PATH, guard.page(ApiScope.NOTICES_DRAFT, VariantPages::check));
    }

    private void form(Visit visit) {
        JsonNode spoken = spoken(visit);
        LocalDate tomorrow = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).plusDays(1);
        show(
                visit,
                VariantView.of(
                        spoken,
                        new Entered(
                                visit.session().formToken(),
                                VariantView.begin(spoken, tomorrow),
                                Map.of()),
                        VariantView.NOTHING));
    }

    private static void check(Visit visit) {
        JsonNode spoken = spoken(visit);
        Entered entered = Entered.of(visit, spoken);
        if (entered.changed().isEmpty()) {
            show(
                    visit,
                    VariantView.of(
                            spoken,
                            entered,
                            VariantView.Result.problem(visit.words().of("variant.unchanged"))));
            return;
        }
        JsonNode draft;
        try {
            draft = visit.api().post(visit.session(), "/v1/texts/variant", wish(spoken, entered));
        } catch (ApiRefused e) {
            if (e.status() != HttpStatus.UNPROCESSABLE_CONTENT.getCode()) {
                throw e;
            }
            visit.context().status(HttpStatus.UNPROCESSABLE_CONTENT);
            show(visit, VariantView.of(spoken, entered, VariantView.Result.problem(e.detail())));
            return;
        }
        if (visit.form("take").equals("file") && draft.path("passes").asBoolean()) {
            String file = draft.path("file").asText();
            visit.context()
                    .header(
                            "Content-Disposition",
                            "attachment; filename=\""
                                    + file.substring(file.lastIndexOf('/') + 1)
                                    + "\"")
                    .contentType(YAML)
                    .result(draft.path("text").asText());
            return;
        }
        show(visit, VariantView.of(spoken, entered, VariantView.Result.of(draft, visit.words())));
    }

    private static void show(Visit visit, VariantView view) {
        visit.show(visit.words().of("variant.title"), view.path() + "/variant", "variant", view);
    }

    /** The text that is spoken now. */
    private static JsonNode spoken(Visit visit) {
        JsonNode texts = visit.api().get(visit.session(), "/v1/texts");
        for (JsonNode each : texts.path("versions")) {
            boolean wanted =
                    each.path("id").asText().equals(visit.context().pathParam("id"))
                            && each.path("language")
                                    .asText()
                                    .equals(visit.context().pathParam("language"))
                            && VariantView.name(each).equals(visit.context().pathParam("version"));
            if (wanted) {
                return each;
            }
        }
        throw new ApiRefused(404, "");
    }

    private static ObjectNode wish(JsonNode spoken, Entered entered) {
        ObjectNode wish = JsonNodeFactory.instance.objectNode();
        for (String each : new String[] {"id", "language", "version"}) {
            wish.put(each, spoken.path(each).asText());
        }
        wish.put("spoken", spoken.path("variant").asText());
        VariantView.FIELDS.forEach(each -> wish.put(each, entered.fields().get(each)));
        if (wish.path("approved_by").asText().isEmpty()) {
            wish.remove("approved_by");
        }
        ArrayNode texts = wish.putArray("texts");
        entered.changed()
                .forEach((part, words) -> texts.addObject().put("part", part).put("text", words));
        return wish;
    }
}
