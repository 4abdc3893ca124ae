package org.consentgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.consentgateway.api.TestApi.Said;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.ConsentRecord.Withdrawn.Reason;
import org.consentgateway.consent.ConsentStatus;
import org.consentgateway.consent.ConsentValidity;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.Notices;
import org.consentgateway.consent.journal.Standing;
import org.consentgateway.ledger.Archiving;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.proof.OperatorWithdrawals;
import org.consentgateway.proof.TestLedger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Consents from the web and from paper, over a real log. */
@Timeout(60)
class ConsentImportTest {
    private static final String PATH = "/v1/consents/import";

    @TempDir private Path directory;

    private Instant now = Instant.parse("2026-11-28T09:00:00Z");
    private TestApi api;
    private String key = "";

    @BeforeEach
    void start() throws Exception {
        api = new TestApi(directory, () -> now, 1000);
        key = api.key();
    }

    @AfterEach
    void stop() {
        api.close();
    }

    /** One in the words of the notice, of somebody whose number is known. */
    private static ObjectNode consent(String reference) {
        ObjectNode one = TestApi.JSON.createObjectNode();
        one.put("reference", reference).put("number", TestApi.NUMBER).put("source", "web");
        one.put("form", "newsletter 3").put("given_at", "2026-03-01T09:30:00+01:00");
        one.put("notice", "demo").put("notice_version", "1").put("language", "de");
        one.put("text_sha256", TestApi.WORDS).put("identified", "code");
        one.putArray("purposes").add("assistant").add("marketing");
        return one;
    }

    /** One in other words. */
    private static ObjectNode paper(String reference) {
        ObjectNode one = consent(reference);
        one.remove(List.of("notice_version", "identified"));
        one.put("source", "paper").put("text_sha256", "ab".repeat(32));
        one.put("until", "2027-03-01T00:00:00Z");
        return one;
    }

    private Said take(boolean dryRun, ObjectNode... consents) throws Exception {
        ObjectNode body = TestApi.JSON.createObjectNode();
        body.put("by", "Ada Meier").put("dry_run", dryRun);
        ArrayNode all = body.putArray("consents");
        List.of(consents).forEach(all::add);
        return api.post(PATH, key, body.toString());
    }

    private List<Entry> stored() throws Exception {
        return api.ledger.reader().ofType(EntryType.IMPORTED, 100);
    }

    @Test
    void whatWasGivenElsewhereIsMarkedWithItsOriginAndNamesNobody() throws Exception {
        Said said = take(false, consent("A-1"), paper("B-1"));
        assertThat(said.status()).as(said.body().toString()).isEqualTo(201);
        JsonNode first = said.body().at("/consents/0");
        assertThat(first.path("result").asText()).isEqualTo("new");
        assertThat(first.path("counts_in_calls").asBoolean()).isTrue();
        assertThat(said.body().at("/consents/1/counts_in_calls").asBoolean())
                .as("other words")
                .isFalse();

        JsonNode told = api.get("/v1/consents/" + first.path("consent_id").asText(), key).body();
        assertThat(told.path("state").asText()).isEqualTo("in_force");
        assertThat(told.path("given_at").asText()).isEqualTo("2026-03-01T08:30:00Z");
        assertThat(told.at("/validity/until").asText()).isEqualTo("2027-03-01T08:30:00Z");
        assertThat(told.at("/origin/form").asText()).isEqualTo("newsletter 3");
        assertThat(told.at("/origin/by").asText()).isEqualTo("Ada Meier");
        assertThat(told.has("call_id")).isFalse();
        assertThat(stored().toString() + told).doesNotContain(TestApi.NUMBER);
        JsonNode other = Objects.requireNonNull(stored().getFirst().payload());
        assertThat(other.at("/notice").has("text_sha256")).isFalse();
        assertThat(other.at("/origin/text_sha256").asText()).isEqualTo("ab".repeat(32));
        assertThat(LedgerArchive.open(api.settings).verify(List.of(), _ -> {}).findings())
                .isEmpty();
        Said found = api.post("/v1/consents/search", key, "{\"number\":\"+4930123456\"}");
        assertThat(found.body().path("consents")).hasSize(2);
    }

    @Test
    void theSameFileTwiceChangesNothingAndAChangedRowIsRefused() throws Exception {
        String id = take(false, consent("A-1")).body().at("/consents/0/consent_id").asText();
        now = now.plus(Duration.ofDays(1));
        Said again = take(false, consent("A-1"), consent("A-2"));
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.body().at("/consents/0/result").asText()).isEqualTo("known");
        assertThat(again.body().at("/consents/0/consent_id").asText()).isEqualTo(id);
        assertThat(take(false, consent("A-1"), consent("A-2")).status()).isEqualTo(200);
        assertThat(stored()).hasSize(2);

        Said changed = take(false, consent("A-3"), consent("A-1").put("number", "+4930123457"));
        assertThat(changed.status()).isEqualTo(422);
        assertThat(changed.body().at("/errors/0/pointer").asText())
                .isEqualTo("/consents/1/reference");
        assertThat(changed.body().at("/errors/0/detail").asText()).contains(id);
        assertThat(stored()).as("none of them").hasSize(2);
    }

    /** Of which the log takes one, whichever it is. */
    @Test
    void ofSeveralAtOnceUnderOneReferenceOneIsTakenOverAndTheOthersAreToldSo() throws Exception {
        int many = 8;
        var together = new CyclicBarrier(many);
        List<Callable<Said>> asking = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            ObjectNode one =
                    paper("A-1")
                            .put("number", "+493012345" + i)
                            .put("until", "2027-03-0%dT00:00:00Z".formatted(i + 1));
            asking.add(() -> {
                together.await();
                return take(false, one);
            });
        }
        List<Said> said = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(many)) {
            for (Future<Said> each : threads.invokeAll(asking)) {
                said.add(each.get());
            }
        }
        assertThat(said.stream().map(Said::status).filter(status -> status == 201)).hasSize(1);
        assertThat(said.stream().map(Said::status).filter(status -> status == 422))
                .hasSize(many - 1);
        assertThat(
                        said.stream()
                                .filter(one -> one.status() == 422)
                                .map(one -> one.body().at("/errors/0/pointer").asText()))
                .containsOnly("/consents/0/reference");
        assertThat(stored()).hasSize(1);
    }

    /** With others in the same files, of which each is in both. */
    @Test
    void ofTwoFilesAtOnceEachConsentIsTakenOverOnceAndKnownInTheOther() throws Exception {
        var together = new CyclicBarrier(2);
        List<Callable<Said>> asking = new ArrayList<>();
        for (String by : List.of("Ada Meier", "Bo Jansen")) {
            List<ObjectNode> rows = new ArrayList<>(List.of(consent("A-1"), consent("A-2")));
            rows.add(consent(by.replace(' ', '-')));
            asking.add(() -> {
                together.await();
                return take(by, rows);
            });
        }
        List<String> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (Future<Said> each : threads.invokeAll(asking)) {
                Said said = each.get();
                assertThat(said.status()).as(said.body().toString()).isEqualTo(201);
                said.body()
                        .path("consents")
                        .forEach(one -> results.add(one.path("result").asText()));
            }
        }
        assertThat(results).containsExactlyInAnyOrder("new", "new", "new", "new", "known", "known");
        assertThat(stored()).hasSize(4);
    }

    private Said take(String by, List<ObjectNode> consents) throws Exception {
        ObjectNode body = TestApi.JSON.createObjectNode().put("by", by);
        body.putArray("consents").addAll(consents);
        return api.post(PATH, key, body.toString());
    }

    /** It was taken over while it held, and nothing is taken over again. */
    @Test
    void aFileIsHandedInAgainAfterOneOfItsConsentsHasRunOut() throws Exception {
        assertThat(take(false, consent("A-1"), paper("B-1")).status()).isEqualTo(201);
        now = Instant.parse("2027-03-02T09:00:00Z");
        key = api.key();
        ObjectNode more = paper("B-2").put("until", "2027-12-01T00:00:00Z");

        Said again = take(false, consent("A-1"), paper("B-1"), more);
        assertThat(again.status()).as(again.body().toString()).isEqualTo(201);
        assertThat(results(again)).containsExactly("known false", "known false", "new false");
        Said changed = take(false, paper("B-1").put("until", "2027-02-01T00:00:00Z"));
        assertThat(changed.body().at("/errors/0/pointer").asText())
                .isEqualTo("/consents/0/reference");
        ObjectNode endless = paper("B-1");
        endless.remove("until");
        assertThat(take(false, endless).body().at("/errors/0/pointer").asText())
                .isEqualTo("/consents/0/reference");
        assertThat(take(false, paper("B-3")).body().path("errors").toString())
                .as("which is new")
                .contains("/consents/0/until", "this consent has ended");
    }

    /** Else it would be told in no form that the API has, or fail each time. */
    @ParameterizedTest
    @CsvSource({
        "until,    +999999999-12-31T23:59:59Z",
        "until,    +10000-01-01T00:00:00Z",
        "given_at, -999999999-01-01T00:00:00Z",
        "given_at, 0001-01-01T00:00:00Z",
        "given_at, 1899-12-31T23:59:59Z"
    })
    void noTimeIsTakenOfWhichTheApiCannotTell(String field, String time) throws Exception {
        Said said = take(false, paper("B-1").put(field, time));
        assertThat(said.status()).as(said.body().toString()).isEqualTo(422);
        assertThat(said.body().path("errors").toString())
                .contains("/consents/0/" + field, "of the years 1900 to 9999");
        assertThat(stored()).isEmpty();
    }

    /** Sent again it would fail again. */
    @Test
    void whatNoEntryCanBeMadeOfIsRefusedAndNoOutage() throws Exception {
        String body =
                "{\"by\":\"Ada \\ud800\",\"consents\":[%s]}".formatted(consent("A-1").toString());
        Said said = api.post(PATH, key, body);
        assertThat(said.status()).as(said.body().toString()).isEqualTo(422);
        assertThat(stored()).isEmpty();
    }

    /** Else its record would stay for as long, whatever its caller does. */
    @Test
    void inOtherWordsNoneHoldsForLongerThanAConsentMay() throws Exception {
        Said said = take(false, paper("B-1").put("until", "2028-03-01T08:30:01Z"));
        assertThat(said.status()).as(said.body().toString()).isEqualTo(422);
        assertThat(said.body().path("errors").toString())
                .contains("/consents/0/until", "at most 2028-03-01T08:30:00Z");
        assertThat(stored()).isEmpty();
        assertThat(take(false, paper("B-1").put("until", "2028-03-01T08:30:00Z")).status())
                .isEqualTo(201);
    }

    @Test
    void twoHundredGoInOneRequestAndNoMore() throws Exception {
        ObjectNode[] many = new ObjectNode[200];
        Arrays.setAll(many, i -> consent("A-" + i).put("form", "f".repeat(60)));
        assertThat(take(false, many).status()).isEqualTo(201);
        assertThat(api.ledger.reader().ofType(EntryType.IMPORTED, 1000)).hasSize(200);
        ObjectNode[] more = Arrays.copyOf(many, 201);
        more[200] = consent("B-1");
        assertThat(take(false, more).body().at("/errors/0/detail").asText()).contains("1 to 200");
    }

    @Test
    void oneWrongRowKeepsAllOutAndADryRunWritesNothing() throws Exception {
        assertThat(take(true, consent("A-1")).status()).isEqualTo(200);
        assertThat(stored()).isEmpty();
        Said wrong = take(false, consent("A-1"), consent("A-2").put("number", "030 123456"));
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.body().path("errors").toString())
                .contains("/consents/1/number", "such as +4930123456")
                .doesNotContain("030 123456");
        assertThat(stored()).isEmpty();
        Said twice = take(false, consent("A-1"), consent("A-1"));
        assertThat(twice.body().path("errors").toString())
                .contains("/consents/1/reference", "row 1 has it, too");
        assertThat(stored()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    reference      | a b                       | what this consent is called
                    source         | fax                       | web or paper
                    form           |                           | is missing: what the form is called
                    given_at       | 2026-03-01                | a time with its zone
                    given_at       | 2027-03-01T00:00:00Z      | a time that is past
                    given_at       | 2024-03-01T00:00:00Z      | this consent has ended
                    until          | 2029-03-01T00:00:00Z      | at most 2027-03-01T08:30:00Z
                    notice         | other                     | one of [demo]
                    notice_version | 2                         | one of [1], or empty
                    language       | en                        | one of [de]
                    text_sha256    | 123                       | 64 of 0-9 and a-f
                    purposes       | assistant recording       | asked in every call
                    purposes       | everything                | one or more of [assistant, marketing]
                    identified     | yes                       | no, code
                    colour         | red                       | is no field of a consent
                    """)
    void whatIsWrongIsSaidWithWhatWouldBeRight(String field, String value, String right)
            throws Exception {
        ObjectNode one = consent("A-1").put(field, value == null ? "" : value);
        Said said = take(false, one);
        assertThat(said.status()).isEqualTo(422);
        assertThat(said.body().path("errors").toString())
                .contains("/consents/0/" + (right.contains("has ended") ? "until" : field), right);
        assertThat(stored()).isEmpty();
    }

    @Test
    void wordsThatAreClaimedAndNotTheSameAreRefused() throws Exception {
        Said said = take(false, consent("A-1").put("text_sha256", "cd".repeat(32)));
        assertThat(said.body().at("/errors/0/pointer").asText())
                .isEqualTo("/consents/0/text_sha256");
        assertThat(said.body().at("/errors/0/detail").asText()).contains(TestApi.WORDS);
        ObjectNode endless = paper("B-1");
        endless.remove("until");
        assertThat(take(false, endless).body().path("errors").toString())
                .contains("/consents/0/until", "the words are not those of a notice");
    }

    @Test
    void itIsWithdrawnLikeAnyOtherAndStaysSo() throws Exception {
        String id = take(false, consent("A-1")).body().at("/consents/0/consent_id").asText();
        Said done = api.post("/v1/consents/" + id + "/withdrawal", key, "{\"by\":\"Ada Meier\"}");
        assertThat(done.status()).as(done.body().toString()).isEqualTo(201);
        Said again = take(false, consent("A-1"));
        assertThat(again.status()).as("changes nothing").isEqualTo(200);
        assertThat(results(again)).containsExactly("known false");
        assertThat(api.get("/v1/consents/" + id, key).body().path("state").asText())
                .isEqualTo("withdrawn");
        assertThat(api.get("/v1/consents/" + id + "/receipt", key).status()).isEqualTo(200);
    }

    /** Who filled in a form need not be whose number that is. */
    @ParameterizedTest
    @ValueSource(strings = {"no", "code"})
    void aFormTiesNobodyToTheNumberOnIt(String identified) throws Exception {
        ObjectNode form = consent("A-1").put("identified", identified);
        String id = take(false, form).body().at("/consents/0/consent_id").asText();
        Said tied = api.send("PUT", "/v1/subjects/c-1", key, "{\"consent_id\":\"" + id + "\"}");

        assertThat(tied.status()).isEqualTo(409);
        assertThat(api.get("/v1/subjects/c-1/consents", key).status()).isEqualTo(404);
    }

    /** Other systems are told of what is written: that this person agrees. */
    @Test
    void whoHasWithdrawnSinceIsNotSaidToAgree() throws Exception {
        UUID spoken = api.given(TestApi.NUMBER).record();
        assertThat(withdrawn(spoken).status()).isEqualTo(201);
        now = now.plus(Duration.ofDays(9));

        Said said = take(false, consent("A-1"), paper("B-1"));
        assertThat(said.status()).as("nothing was written").isEqualTo(200);
        for (JsonNode one : said.body().path("consents")) {
            assertThat(one.path("result").asText()).isEqualTo("withdrawn_since");
            assertThat(one.path("counts_in_calls").asBoolean()).isFalse();
            assertThat(api.get("/v1/consents/" + one.path("consent_id").asText(), key).status())
                    .as("no consent in force")
                    .isEqualTo(404);
        }
        assertThat(stored()).isEmpty();

        String later = now.minus(Duration.ofDays(1)).toString();
        Said anew = take(false, consent("A-1"), consent("A-2").put("given_at", later));
        assertThat(anew.status()).isEqualTo(201);
        assertThat(results(anew)).containsExactly("withdrawn_since false", "new true");
    }

    private Said withdrawn(UUID consent) throws Exception {
        return api.post("/v1/consents/" + consent + "/withdrawal", key, "{\"by\":\"Ada\"}");
    }

    private static List<String> results(Said said) {
        var all = new ArrayList<String>();
        for (JsonNode one : said.body().path("consents")) {
            all.add(one.path("result").asText() + " " + one.path("counts_in_calls").asBoolean());
        }
        return all;
    }

    /** What has happened to a caller. */
    enum Past {
        NOTHING(true, true),
        SAID_YES_SINCE(true, false),
        SAID_YES_BEFORE(true, true),
        SOMEBODY_SAID_NO_SINCE(true, false),
        SOMEBODY_SAID_NO_BEFORE(true, false),
        WITHDREW_WHAT_WAS_SAID_BEFORE(false, false),
        ENDED_A_PURPOSE(false, false),
        SAID_YES_TOO_LATE_TO_COUNT(true, false),
        WITHDREW_TO_ANOTHER_NOTICE(true, true),
        WITHDREW_BEFORE_IT_WAS_GIVEN(true, true);

        private final boolean written;
        private final boolean counts;

        Past(boolean written, boolean counts) {
            this.written = written;
            this.counts = counts;
        }
    }

    private void happens(Past past, Instant given) throws Exception {
        now = given.plus(Duration.ofDays(past == Past.SAID_YES_SINCE ? 30 : -30));
        if (past != Past.NOTHING) {
            UUID consent = api.given(TestApi.NUMBER).record();
            if (past != Past.SAID_YES_SINCE && past != Past.SAID_YES_BEFORE) {
                boolean before =
                        past == Past.WITHDREW_BEFORE_IT_WAS_GIVEN
                                || past == Past.SOMEBODY_SAID_NO_BEFORE;
                now = given.plus(Duration.ofDays(before ? -10 : 60));
                ends(past, consent);
            }
        }
        now = given.plus(Duration.ofDays(140));
        key = api.key();
    }

    private void ends(Past past, UUID consent) throws Exception {
        if (past == Past.ENDED_A_PURPOSE) {
            var _ =
                    new OperatorWithdrawals(api.ledger.reader(), api.journal)
                            .end(consent, "assistant", now);
            return;
        }
        var call = api.call(TestApi.NUMBER);
        if (past == Past.SOMEBODY_SAID_NO_SINCE || past == Past.SOMEBODY_SAID_NO_BEFORE) {
            var _ =
                    api.journal.write(
                            new ConsentRecord.Refused(
                                    api.journal.newId(),
                                    now,
                                    call,
                                    TestApi.notice(),
                                    List.of(),
                                    consent));
            return;
        }
        boolean late = past == Past.SAID_YES_TOO_LATE_TO_COUNT;
        var _ =
                api.journal.write(
                        new ConsentRecord.Withdrawn(
                                api.journal.newId(),
                                now,
                                call,
                                call.subject(),
                                past == Past.WITHDREW_TO_ANOTHER_NOTICE ? "other" : "demo",
                                past == Past.WITHDREW_TO_ANOTHER_NOTICE
                                        ? UUID.randomUUID()
                                        : consent,
                                late ? Reason.GRANT_CAME_LATE : Reason.CALLER,
                                Method.KEY,
                                now,
                                null));
    }

    /** Said before and after it is written, and by the rules that calls go by. */
    @ParameterizedTest
    @EnumSource(Past.class)
    void itIsSaidToCountWhereACallWouldRelyOnIt(Past past) throws Exception {
        Instant given = now.plus(Duration.ofDays(60));
        happens(past, given);
        ObjectNode form = consent("A-1").put("given_at", given.toString());
        String before = (past.written ? "new " : "withdrawn_since ") + past.counts;
        assertThat(results(take(true, form))).containsExactly(before);
        Said said = take(false, form);
        assertThat(results(said)).containsExactly(before);
        assertThat(stored()).hasSize(past.written ? 1 : 0);
        assertThat(results(take(false, form)))
                .containsExactly(past.written ? "known " + past.counts : before);
        assertThat(relied(said.body().at("/consents/0/consent_id").asText()))
                .as("in a call")
                .isEqualTo(past.counts);
    }

    private boolean relied(String consent) throws Exception {
        Standing standing =
                api.journal.standing(
                        Objects.requireNonNull(api.call(TestApi.NUMBER).subject()),
                        new ConsentValidity(List.of(TestApi.MERKEN), new NoChange()),
                        TestApi.current(),
                        now,
                        now);
        return switch (standing.status()) {
            case ConsentStatus.Valid(UUID grant, _, _) -> grant.toString().equals(consent);
            case ConsentStatus.RenewalDue(UUID grant, _, _) -> grant.toString().equals(consent);
            default -> false;
        };
    }

    private static final class NoChange implements Notices {
        @Override
        public List<Notice> inForce(String lineage, String language, LocalDate day) {
            return List.of();
        }

        @Override
        public boolean materiallyChanged(String lineage, String since, String until) {
            return false;
        }
    }

    @Test
    void ofSeveralOfOneCallerTheNewestCounts() throws Exception {
        ObjectNode newer = consent("A-2").put("given_at", "2026-04-01T09:30:00+02:00");
        assertThat(results(take(false, consent("A-1"), newer, consent("A-3"))))
                .containsExactly("new false", "new true", "new false");
        assertThat(results(take(false, consent("A-1"), newer, consent("A-3"))))
                .containsExactly("known false", "known true", "known false");
    }

    @Test
    void whereItCannotBeReadWhetherSomebodyHasWithdrawnNothingIsTakenOver() throws Exception {
        UUID spoken = api.given(TestApi.NUMBER).record();
        TestLedger.spoil(api.settings, spoken);
        Said said = take(false, consent("A-1"));
        assertThat(said.status()).isEqualTo(422);
        assertThat(said.body().at("/errors/0/pointer").asText()).isEqualTo("/consents/0/number");
        assertThat(stored()).isEmpty();
    }

    @Test
    void whatWasErasedIsNotBroughtBack() throws Exception {
        String id = take(false, consent("A-1")).body().at("/consents/0/consent_id").asText();
        var _ = api.ledger.eraseOne(erased(), UUID.fromString(id));
        Said again = take(false, consent("A-1"));
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body().at("/consents/0/result").asText()).isEqualTo("erased");
        assertThat(stored().stream().filter(entry -> entry.payload() != null)).isEmpty();
    }

    /** Its row stays while those of others go, and their content with them. */
    @Test
    void whatWasErasedIsNotBroughtBackWhenItsLogWasArchived() throws Exception {
        String id = take(false, consent("A-1")).body().at("/consents/0/consent_id").asText();
        for (int from = 0; from < 600; from += 200) {
            List<NewEntry> others = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                others.add(erased());
            }
            var _ = api.ledger.append(others).toCompletableFuture().get();
        }
        var _ = api.ledger.eraseOne(erased(), UUID.fromString(id));
        api.ledger.checkpoint();
        archives();
        now = now.plus(Duration.ofDays(30));
        archives();
        key = api.key();

        Said again = take(false, consent("A-1"));
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body().at("/consents/0/result").asText()).isEqualTo("erased");
        assertThat(stored().stream().filter(entry -> entry.payload() != null)).isEmpty();
    }

    private void archives() throws Exception {
        assertThat(
                        Archiving.run(
                                api.settings,
                                new Archiving.Wanted(Duration.ofDays(30), Archiving.Step.TAKE),
                                () -> now,
                                _ -> {}))
                .anyMatch(log -> log.size() > 0);
    }

    private NewEntry erased() {
        ObjectNode reason = TestApi.JSON.createObjectNode().put("reason", "Art. 17");
        return NewEntry.of(EntryType.ERASED, null, null, reason, now);
    }

    @Test
    void onlyWhoMayImportDoes() throws Exception {
        key = api.key(ApiScope.CONSENTS_WITHDRAW, ApiScope.CONSENTS_READ);
        assertThat(take(false, consent("A-1")).status()).isEqualTo(403);
        assertThat(stored()).isEmpty();
    }
}
