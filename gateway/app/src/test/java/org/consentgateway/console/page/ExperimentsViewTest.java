package org.consentgateway.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Locale;
import org.consentgateway.console.PageWords;
import org.consentgateway.experiment.ExperimentStanding;
import org.consentgateway.experiment.ExperimentVerdict;
import org.consentgateway.experiment.Guardrail;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExperimentsViewTest {
    private static final String TOLD =
            """
            {"experiments":[{"name":"shorter","line":"demo","notice":"demo","language":"de",
            "version":"2026-11","start":"2026-12-01","end":"2027-02-28","share":0.5,
            "callers":5000,"minimum":100,"calls_per_caller":1,"verdict":"held_back","asked":2400,
            "variants":[
            {"variant":"a","answered":1300,"asked":1200,"agreed":840,
            "rate":{"value":0.7,"low":0.66,"high":0.74}},
            {"variant":"b","answered":1310,"asked":1200,"agreed":930,
            "rate":{"value":0.775,"low":0.735,"high":0.815}}],
            "consent":{"value":0.075,"low":0.02,"high":0.13},
            "guardrails":[{"guardrail":"seconds","unit":"seconds","margin":2,"state":"safe",
            "difference":{"value":-0.4,"low":-1.2,"high":0.4}},
            {"guardrail":"withdrawn_in_30_days","unit":"share","margin":0.03,"state":"open"}],
            "days_left":23,"detectable":0.05}]}
            """;

    private static ExperimentsView.One one(String language) throws Exception {
        JsonNode json = new ObjectMapper().readTree(TOLD);
        return ExperimentsView.of(json, PageWords.in(language)).experiments().getFirst();
    }

    @Test
    void itSaysWhatHoldsItBackAndHowLongItTakes() throws Exception {
        ExperimentsView.One german = one("de");

        assertThat(german.verdict()).contains("noch nicht gezeigt");
        assertThat(german.facts())
                .contains("Beim bisherigen Tempo dauert es noch 23 Tage.")
                .anyMatch(each -> each.contains("+7,5 Prozentpunkte"));
        assertThat(german.rates()).extracting(ExperimentsView.VariantRate::rate).contains("77,5 %");
        assertThat(german.guards().getFirst().difference())
                .isEqualTo("-0,4 (-1,2 … +0,4) Sekunden");
        assertThat(german.guards().getLast().difference()).isEqualTo("–");
        assertThat(one("en").facts()).contains("At the pace so far it needs 23 more days.");
        assertThat(one("en").picture()).contains("<title>", "Variant b", "role=\"img\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"de", "en"})
    void everyVerdictGuardrailAndStateHasWords(String language) {
        PageWords words = PageWords.in(language);

        for (ExperimentVerdict each : ExperimentVerdict.values()) {
            assertThat(words.keys()).contains("experiments.verdict-" + each.text());
        }
        for (Guardrail each : Guardrail.values()) {
            assertThat(words.keys()).contains("guardrail." + each.text());
        }
        for (ExperimentStanding.State each : ExperimentStanding.State.values()) {
            assertThat(words.keys())
                    .contains("experiments.guard-" + each.name().toLowerCase(Locale.ROOT));
        }
    }
}
