package org.consentgateway.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.consentgateway.console.Frame;
import org.consentgateway.console.PageWords;
import org.consentgateway.console.Templates;
import org.consentgateway.console.page.call.CallView;
import org.consentgateway.console.page.call.CallsView;
import org.consentgateway.web.Status;
import org.junit.jupiter.api.Test;

/** Pages in words that exist, and nothing that stands in a field becomes part of a page. */
class TemplatesTest {
    private static final Templates TEMPLATES = new Templates();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SOURCES = Path.of("src/main");

    /** What a caller, a trunk or an editor could have put into a field. */
    private static final String EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>";

    private static void assertHarmless(String page) {
        assertThat(page)
                .contains("alert(1)")
                .doesNotContain("<script>", "<img", "\"'>")
                .doesNotContain(" style=", "javascript:");
    }

    private static JsonNode json(String text) throws Exception {
        return JSON.readTree(text.replace("EVIL", EVIL.replace("\"", "\\\"")));
    }

    @Test
    void whatAPartOfTheNodeSaysStaysText() throws Exception {
        JsonNode today =
                json(
                        """
                        {"node": "EVIL", "state": "EVIL", "calls_state": "EVIL", "since": "2026-11-28T00:00:00Z",
                         "parts": [{"name": "EVIL", "state": "EVIL", "detail": "EVIL"}],
                         "calls": {"now": 1, "most": 2}, "human": 0, "helped": {"yes": 0, "of": 0},
                         "funnel": [{"stage": "EVIL", "calls": 3}],
                         "minutes": [{"at": "2026-11-28T00:00:00Z", "given": 1}],
                         "seconds_to_help": [{"joined_with": "EVIL", "callers": 3, "median": 4,
                           "p90": 9, "from_seconds": {"0": 2, "5": 1, "60": 0}}]}
                        """);
        JsonNode hours = json("{\"hours\": [{\"at\": \"2026-11-28T00:00:00Z\", \"refused\": 2}]}");
        for (String language : PageWords.LANGUAGES) {
            PageWords words = PageWords.in(language);
            TodayView view = TodayView.of(today, hours, words, Instant.EPOCH);
            Frame frame = Frame.outside(words, EVIL, EVIL);
            assertHarmless(TEMPLATES.render("today", Map.of("frame", frame, "page", view)));
        }
    }

    @Test
    void everyStateOfAPartHasItsWords() {
        for (String language : PageWords.LANGUAGES) {
            for (Status.State state : Status.State.values()) {
                String id = state.name().toLowerCase(Locale.ROOT);
                assertThat(PageWords.in(language).keys())
                        .as(language)
                        .contains("state." + id, "part." + id);
            }
        }
    }

    /** Of those who were only asked nobody knows whether they were. */
    @Test
    void whoWasHelpedIsToldOfThoseWhoAnsweredThat() throws Exception {
        JsonNode today =
                json("{\"since\": \"2026-11-28T00:00:00Z\", \"helped\": {\"yes\": 3, \"of\": 4}}");
        Map<String, String> said = new TreeMap<>();
        for (String language : PageWords.LANGUAGES) {
            PageWords words = PageWords.in(language);
            TodayView view = TodayView.of(today, MissingNode.getInstance(), words, Instant.EPOCH);
            said.put(language, view.funnel().helped());
        }

        assertThat(said)
                .containsEntry(
                        "de", "Geholfen wurde 3 von 4, die auf die Frage danach geantwortet haben.")
                .containsEntry(
                        "en", "3 of 4 who answered the question whether they were helped say yes.");
    }

    /** It is needed most when the log cannot be reached. */
    @Test
    void todayIsShownWithoutTheLog() throws Exception {
        JsonNode today =
                json(
                        """
                        {"node": "n", "state": "limited", "since": "2026-11-28T00:00:00Z",
                         "parts": [{"name": "store", "state": "down", "detail": "no connection"}],
                         "calls": {"now": 1, "most": 2}}
                        """);
        PageWords words = PageWords.in("en");
        TodayView view = TodayView.of(today, MissingNode.getInstance(), words, Instant.EPOCH);

        assertThat(
                        TEMPLATES.render(
                                "today",
                                Map.of("frame", Frame.outside(words, "", ""), "page", view)))
                .contains("no connection", "The log cannot be reached")
                .doesNotContain("Nobody has answered in the last 24 hours");
    }

    @Test
    void whatIsToldOfACallStaysText() {
        var view =
                new CallsView(
                        EVIL,
                        true,
                        true,
                        List.of(new CallsView.Running(EVIL, EVIL, EVIL, EVIL, EVIL, EVIL)),
                        List.of(
                                new CallsView.Past(
                                        EVIL,
                                        EVIL,
                                        EVIL,
                                        EVIL,
                                        EVIL,
                                        List.of(new CallsView.Step(EVIL, EVIL, EVIL)))));
        Frame frame = Frame.outside(PageWords.in("en"), "", "");

        assertHarmless(TEMPLATES.render("calls", Map.of("frame", frame, "page", view)));
    }

    @Test
    void whatIsToldOfOneCallStaysText() throws Exception {
        JsonNode call =
                json(
                        """
                        {"call_id": "EVIL", "line": "EVIL", "trunk": "EVIL", "outcome": "EVIL",
                         "ended_at": "2026-11-28T00:00:00Z", "took_seconds": 2,
                         "quality": {"received": {"packets": 2}, "sent": {"packets": 1, "mos": 4,
                           "loss_percent": 1, "jitter_ms": 2}},
                         "steps": [{"at": "2026-11-28T00:00:00Z", "what": "EVIL", "detail": "EVIL"}],
                         "heard": [{"at": "2026-11-28T00:00:00Z", "part": "EVIL", "text": "EVIL",
                           "notice": {"language": "EVIL"}, "result": "EVIL", "method": "EVIL"}]}
                        """);
        JsonNode trace =
                json(
                        """
                        {"messages": [{"at": "2026-11-28T00:00:00Z", "leg": 1, "sent": false,
                           "peer": "EVIL", "message": "EVIL"},
                          {"at": "2026-11-28T00:00:01Z", "leg": 2, "sent": true,
                           "peer": "EVIL", "message": "EVIL"}]}
                        """);
        PageWords words = PageWords.in("en");

        assertHarmless(
                TEMPLATES.render(
                        "call",
                        Map.of(
                                "frame",
                                Frame.outside(words, EVIL, EVIL),
                                "page",
                                CallView.of(call, trace, words))));
    }

    @Test
    void whatIsToldOfAConsentStaysText() throws Exception {
        JsonNode consent =
                json(
                        """
                        {"consent_id": "EVIL", "level": "EVIL", "state": "EVIL", "line": "EVIL",
                         "purposes": ["EVIL"], "given_at": "2026-11-28T00:00:00Z",
                         "notice": {"id": "EVIL", "version": "EVIL", "language": "EVIL"},
                         "place": {"log": "EVIL", "index": 1},
                         "history": [{"type": "EVIL", "at": "2026-11-28T00:00:00Z", "ends": true,
                                      "reason": "EVIL"}]}
                        """);
        PageWords words = PageWords.in("de");
        var view =
                new ConsentsView(
                        EVIL,
                        true,
                        true,
                        true,
                        EVIL,
                        EVIL,
                        true,
                        EVIL,
                        List.of(ConsentsView.consent(consent, words)));

        assertHarmless(
                TEMPLATES.render(
                        "consents", Map.of("frame", Frame.outside(words, "", ""), "page", view)));
    }

    @Test
    void whatIsToldOfARequestStaysText() throws Exception {
        JsonNode requests =
                json(
                        """
                        {"requests": [
                          {"request_id": "EVIL", "reference": "EVIL", "kind": "EVIL",
                           "channel": "EVIL", "asked_at": "2026-11-28T00:00:00Z",
                           "due": "2026-12-28T00:00:00Z", "state": "open", "taken_by": "EVIL",
                           "restricted": []},
                          {"request_id": "EVIL", "reference": "EVIL", "kind": "erasure",
                           "channel": "EVIL", "asked_at": "2026-11-28T00:00:00Z",
                           "due": "2026-12-28T00:00:00Z", "state": "approved",
                           "extended": {"at": "2026-11-28T00:00:00Z", "by": "EVIL", "ground": "EVIL"},
                           "answered": {"at": "2026-11-28T00:00:00Z", "by": "EVIL", "ground": "EVIL"},
                           "restricted": [{"law": "EVIL", "records": 1}]}]}
                        """);
        JsonNode tasks =
                json(
                        """
                        {"tasks": [{"task_id": "EVIL", "reference": "EVIL", "line": "EVIL",
                          "number": "EVIL", "since": "2026-11-28T00:00:00Z",
                          "due": "2026-11-29T00:00:00Z"}]}
                        """);
        PageWords words = PageWords.in("de");
        var may = new RequestsView.May(true, true, true, true);
        var view =
                RequestsView.of(
                        new RequestsView.Told(requests, tasks, tasks),
                        words,
                        Instant.EPOCH,
                        new RequestsView.Beside(EVIL, may, EVIL));

        assertHarmless(
                TEMPLATES.render(
                        "requests", Map.of("frame", Frame.outside(words, "", ""), "page", view)));
    }

    /** A witness and another node say what they like. */
    @Test
    void whatIsToldOfTheLogStaysText() throws Exception {
        JsonNode proof =
                json(
                        """
                        {"store": {"up": false, "detail": "EVIL", "covered": 1, "entries": 2},
                         "verification": {"done": 1, "of": 2, "findings": 1,
                           "whole_at": "2026-11-28T00:00:00Z", "lag_seconds": 1,
                           "newest_finding": "EVIL"},
                         "conflict": "EVIL",
                         "witnesses": {"needed": "EVIL", "enough": false, "policy": "EVIL", "all": [
                           {"name": "EVIL", "key": "EVIL", "url": "EVIL", "failing": "EVIL"}]},
                         "logs": [{"node": "EVIL", "origin": "EVIL", "entries": 1,
                           "checkpoint_count": 1,
                           "checkpoints": [{"entries": 1, "at": "2026-11-28T00:00:00Z",
                             "keys": ["EVIL"], "cosigned": ["EVIL"], "enough": true}],
                           "keys": [{"id": "EVIL", "line": "EVIL", "from_entries": 0,
                             "until_entries": 2, "signs": false}]}]}
                        """);
        PageWords words = PageWords.in("en");
        ProofView view = ProofView.of(proof, words, true);

        assertHarmless(
                TEMPLATES.render(
                        "proof", Map.of("frame", Frame.outside(words, "", ""), "page", view)));
    }

    @Test
    void whatATrunkSaysStaysText() throws Exception {
        JsonNode peers =
                json(
                        """
                        {"peers": [{"kind": "trunk", "name": "EVIL", "uri": "EVIL",
                           "health": "EVIL", "heard": "EVIL",
                           "registration": {"registered": false, "status": 403, "failures": 1},
                           "servers": [{"address": "EVIL", "health": "EVIL", "status": 200,
                             "round_trip_ms": 1.5}],
                           "quality": {"received": {"calls": 2, "loss_percent": 0.5,
                             "mos": {"p10": 3.9, "median": 4.2, "p90": 4.4}}},
                           "calls_now": 1, "came": {"answers": {"200": 1}, "rejected": {"EVIL": 1}},
                           "dialled": {"answers": {"200": 1}, "rejected": {}}}],
                         "certificates": [{"file": "EVIL", "subject": "EVIL", "ours": true,
                           "ends": "2026-11-28T00:00:00Z", "days_left": 3}]}
                        """);
        PageWords words = PageWords.in("de");
        TrunksView view = TrunksView.of(peers, words, new TrunksView.Probing(EVIL, true, EVIL));

        assertHarmless(
                TEMPLATES.render(
                        "trunks", Map.of("frame", Frame.outside(words, "", ""), "page", view)));
    }

    @Test
    void whatAnEditorWritesStaysText() throws Exception {
        JsonNode texts =
                json(
                        """
                        {"versions": [{"id": "EVIL", "language": "EVIL", "version": "EVIL",
                           "variant": "EVIL", "valid_from": "EVIL", "review": "2026-11-28",
                           "approved_by": "EVIL", "approved_on": "EVIL",
                           "parts": [{"name": "EVIL", "text": "EVIL", "words": 1, "longest": 1,
                             "scores": {"EVIL": 1.0}, "seconds": 2.0}]}],
                         "findings": [{"kind": "EVIL", "file": "EVIL", "line": 1, "what": "EVIL",
                           "sentence": "EVIL", "right": "EVIL"}]}
                        """);
        JsonNode other =
                json(
                        """
                        {"version": "EVIL", "variant": "a",
                         "parts": [{"name": "EVIL", "text": "another"},
                                   {"name": "gone", "text": "EVIL"}]}
                        """);
        PageWords words = PageWords.in("de");
        Frame frame = Frame.outside(words, EVIL, EVIL);
        TextView one =
                TextView.of(
                        texts.at("/versions/0"),
                        other,
                        new TextView.Beside(List.of(EVIL), true),
                        EVIL,
                        words);

        assertHarmless(
                TEMPLATES.render(
                        "texts",
                        Map.of("frame", frame, "page", TextsView.of(texts, words, Instant.EPOCH))));
        assertHarmless(TEMPLATES.render("text", Map.of("frame", frame, "page", one)));
    }

    /** Its name, line and variants are words of the configuration. */
    @Test
    void whatIsToldOfAnExperimentStaysText() throws Exception {
        JsonNode told =
                json(
                        """
                        {"entries_not_counted_yet": 3, "experiments": [{"name": "EVIL",
                          "line": "EVIL", "notice": "EVIL", "language": "EVIL", "version": "EVIL",
                          "start": "EVIL", "end": "EVIL", "verdict": "EVIL", "asked": 3,
                          "callers": 5, "variants": [{"variant": "EVIL", "asked": 1, "agreed": 1,
                            "rate": {"value": 0.5, "low": 0.4, "high": 0.6}}],
                          "guardrails": [{"guardrail": "EVIL", "unit": "share", "state": "EVIL",
                            "margin": 1}]}]}
                        """);
        PageWords words = PageWords.in("en");

        assertHarmless(
                TEMPLATES.render(
                        "experiments",
                        Map.of(
                                "frame",
                                Frame.outside(words, "", ""),
                                "page",
                                ExperimentsView.of(told, words))));
    }

    @Test
    void whatStandsInTheConfigurationStaysText() throws Exception {
        JsonNode settings =
                json(
                        """
                        {"settings": [{"key": "EVIL", "value": "EVIL", "source": "file", "line": 1,
                          "meaning": "EVIL"}]}
                        """);
        PageWords words = PageWords.in("de");

        assertHarmless(
                TEMPLATES.render(
                        "settings",
                        Map.of(
                                "frame",
                                Frame.outside(words, "", ""),
                                "page",
                                SettingsView.of(settings, words))));
    }

    @Test
    void whatTheApiSaysOfAMistakeStaysText() {
        Frame frame = Frame.outside(PageWords.in("en"), EVIL, EVIL);

        assertHarmless(TEMPLATES.render("problem", Map.of("frame", frame, "detail", EVIL)));
    }

    @Test
    void bothLanguagesHaveTheSameWords() {
        assertThat(PageWords.in("en").keys()).isEqualTo(PageWords.in("de").keys());
    }

    @Test
    void everyWordOfATemplateExists() throws Exception {
        var used = new TreeSet<String>();
        try (Stream<Path> files = Files.walk(SOURCES.resolve("jte"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Pattern.compile("\\bof\\(\"([a-z0-9.-]+[a-z0-9])\"")
                        .matcher(Files.readString(file))
                        .results()
                        .map(MatchResult::group)
                        .map(each -> each.replaceAll("of\\(|\"", ""))
                        .forEach(used::add);
            }
        }
        assertThat(used).isNotEmpty();
        assertThat(PageWords.in("de").keys()).containsAll(used);
    }
}
