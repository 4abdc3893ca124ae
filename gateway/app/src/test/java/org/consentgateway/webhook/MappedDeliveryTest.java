package org.consentgateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.outbox.EventOutbox;
import org.consentgateway.ledger.outbox.Message;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Events in the words of platforms that have an interface of their own: the shipped mappings, from
 * a real log over real HTTP to receivers that take what those platforms document and nothing else.
 */
@Timeout(180)
class MappedDeliveryTest {
    private static final Path MAPPINGS =
            Path.of(System.getProperty("project.root", "../.."), "config/webhooks/mappings");
    private static final byte[] SEED = new byte[32];
    private static final Duration STEP = Duration.ofMillis(100);

    @TempDir private Path directory;

    private Instant now = Instant.parse("2026-11-28T09:00:00Z");
    private volatile String token = "first";
    private final List<String> confirmed = new ArrayList<>();
    private final List<AutoCloseable> opened = new ArrayList<>();

    /** One platform, and a node that tells it. */
    private final class Told {
        private final Platform platform;
        private final Ledger ledger;
        private final WebhookSender sender;
        private final Endpoint endpoint;
        private final HttpPoster poster;

        Told(Platform.Kind kind) throws Exception {
            this(kind, Mapping.of(MAPPINGS.resolve(kind.file() + ".jsonata")));
        }

        Told(Platform.Kind kind, Mapping mapping) throws Exception {
            platform = new Platform(kind);
            opened.add(platform);
            endpoint = endpoint(platform.url(), mapping);
            var announcements = new Announcements(List.of(endpoint));
            ledger = Ledger.open(settings().withAnnouncing(announcements), () -> now);
            opened.addFirst(ledger);
            poster =
                    new HttpPoster(
                            announcements.endpoints(), InstantSource.system(), System::nanoTime);
            opened.add(poster);
            sender =
                    new WebhookSender(
                            ledger.outbox(),
                            announcements,
                            new Delivery(
                                    "https://gw.example",
                                    SEED,
                                    poster,
                                    new LedgerContext(ledger.reader()),
                                    () -> now),
                            (_, message, status) -> confirmed.add(message.type() + " " + status),
                            "gw1",
                            new WebhookSender.Work(
                                    Runnable::run, () -> now, () -> false, new Random(1)));
        }

        void turns(int times) throws Exception {
            for (int i = 0; i < times; i++) {
                boolean _ = sender.turn();
                now = now.plus(STEP);
            }
        }

        UUID write(EntryType type, UUID refersTo, String... purposes) {
            NewEntry entry = entry(type, refersTo, purposes);
            var _ = ledger.append(entry).toCompletableFuture().join();
            now = now.plusMillis(1);
            return entry.id();
        }

        /** In the middle of a talk. */
        void ends(UUID consent, String purpose, String outcome) {
            NewEntry entry = entry(EntryType.PURPOSE_DECIDED, consent);
            entry.payload()
                    .putObject("decision")
                    .put("purpose", purpose)
                    .put("outcome", outcome)
                    .put("method", "KEY");
            var _ = ledger.append(entry).toCompletableFuture().join();
            now = now.plusMillis(1);
        }

        void tied() {
            tied("K-4711");
        }

        /** What {@code PUT /v1/subjects/REFERENCE} leaves in the log. */
        void tied(String reference) {
            NewEntry tie = entry(EntryType.SUBJECT_REFERENCED, new UUID(0, 7));
            tie.payload().putObject("reference").put("text", reference);
            var _ = ledger.append(tie).toCompletableFuture().join();
            now = now.plusMillis(1);
        }

        /** For which nothing has ended yet. */
        Delivery lookedBefore() {
            var context = new LedgerContext(ledger.reader());
            return new Delivery(
                    "https://gw.example",
                    SEED,
                    poster,
                    new EventContext() {
                        @Override
                        public ObjectNode of(Message message, ObjectNode data)
                                throws LedgerUnavailable {
                            return context.of(message, data);
                        }

                        @Override
                        public Optional<Message> endOf(Message message, String consent) {
                            return Optional.empty();
                        }
                    },
                    () -> now);
        }

        EventOutbox.Backlog standing() throws Exception {
            return ledger.outbox().standings(List.of("crm"), now).getFirst();
        }
    }

    private Endpoint endpoint(URI url, Mapping mapping) {
        return new Endpoint(
                "crm",
                url,
                EnumSet.allOf(EventType.class),
                new Endpoint.Format(List::of, () -> Optional.of(token), Optional.of(mapping)),
                "CRM",
                new Endpoint.Reach(true, List.of(), Duration.ofSeconds(30), 1000));
    }

    private LedgerSettings settings() {
        return new LedgerSettings(
                "jdbc:sqlite:" + directory.resolve("ledger.db"),
                directory.resolve("keys"),
                "gw1",
                "consent-gateway/log",
                new LedgerSettings.Checkpoints(
                        1000,
                        Duration.ofDays(1),
                        directory.resolve("checkpoints"),
                        TrustPolicy.NONE),
                new LedgerSettings.Limits(256, 4096, Duration.ofSeconds(10)));
    }

    private NewEntry entry(EntryType type, UUID refersTo, String... purposes) {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("event_time", now.toString());
        payload.putObject("call").put("line", "hotline");
        payload.putObject("notice")
                .put("id", "demo")
                .put("version", "2026-11")
                .put("language", "de");
        var all = payload.putObject("decision").put("level", "basis").putArray("purposes");
        List.of(purposes).forEach(all::add);
        ObjectNode validity = payload.putObject("validity");
        validity.put("from", now.toString())
                .put("until", now.plus(Duration.ofDays(365)).toString());
        validity.putArray("this_call_only").add("recording");
        payload.putObject("withdrawal").put("at", now.toString()).put("reason", "CALLER");
        if (!type.isConsent() || !refersTo.equals(NOTHING)) {
            payload.put("refers_to", refersTo.toString());
        }
        return new NewEntry(
                EntryIds.next(now), type, UUID.randomUUID().toString(), "anna", payload);
    }

    private static final UUID NOTHING = new UUID(0, 0);

    /** What the platforms keep of a consent that holds. */
    private static final Set<String> IN = Set.of("OptIn", "in_force", "534120001", "opt_in");

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    /** What a platform keeps of one consent to two purposes, each time, and of its end. */
    private static Map<String, String> kept(Platform.Kind kind, UUID consent, boolean in) {
        return switch (kind) {
            case SALESFORCE ->
                    Map.of(
                            consent + "-assistant",
                            in ? "OptIn" : "OptOut",
                            consent + "-transcript",
                            in ? "OptIn" : "OptOut");
            case HUBSPOT -> Map.of(consent.toString(), in ? "in_force" : "withdrawn");
            case DYNAMICS ->
                    Map.of(
                            "K-4711 101",
                            in ? "534120001" : "534120002",
                            "K-4711 102",
                            in ? "534120001" : "534120002");
            case FIDES ->
                    in
                            ? Map.of("K-4711 001", "opt_in", "K-4711 002", "opt_in")
                            : Map.of(
                                    "K-4711 001",
                                    "opt_out",
                                    "K-4711 002",
                                    "opt_out",
                                    consent + " 001",
                                    "opt_out",
                                    consent + " 002",
                                    "opt_out");
        };
    }

    private static String replaced(Platform.Kind kind, UUID before, UUID consent) {
        return switch (kind) {
            case SALESFORCE ->
                    "{%1$s-assistant=OptOut, %1$s-transcript=OptOut, %2$s-assistant=OptIn}"
                            .formatted(before, consent);
            case HUBSPOT -> "{%s=replaced, %s=in_force}".formatted(before, consent);
            case DYNAMICS -> "{K-4711 101=534120001, K-4711 102=534120002}";
            case FIDES ->
                    "{%1$s 001=opt_out, %1$s 002=opt_out, K-4711 001=opt_in, K-4711 002=opt_out}"
                            .formatted(before);
        };
    }

    @ParameterizedTest
    @EnumSource
    void aPlatformLearnsInItsOwnWordsWhoAgreedAndWhoWithdrew(Platform.Kind kind) throws Exception {
        Told told = new Told(kind);
        told.tied();
        UUID consent = told.write(EntryType.GIVEN, NOTHING, "assistant", "transcript", "recording");
        told.turns(3);
        assertThat(told.platform.wrong()).isEmpty();
        assertThat(told.platform.states())
                .as("recording holds in that call only")
                .isEqualTo(kept(kind, consent, true));

        UUID next = told.write(EntryType.GIVEN, consent, "assistant");
        told.turns(3);
        assertThat(told.platform.states().toString())
                .as("one that replaces it is the only one that holds")
                .isEqualTo(replaced(kind, consent, next));

        UUID _ = told.write(EntryType.WITHDRAWN, next);
        told.turns(3);
        assertThat(told.platform.wrong()).isEmpty();
        assertThat(told.platform.states().values()).doesNotContainAnyElementsOf(IN);
        assertThat(confirmed).containsExactly("consent.withdrawn 200");
        assertThat(told.standing().waiting()).isZero();
    }

    /** What replaced it was withdrawn before the platform had learned of it. */
    @ParameterizedTest
    @EnumSource
    void whatWasReplacedHoldsNoLongerWhereTheWithdrawalOvertakesWhatReplacedIt(Platform.Kind kind)
            throws Exception {
        Told told = new Told(kind);
        told.tied();
        UUID consent = told.write(EntryType.GIVEN, NOTHING, "assistant", "transcript");
        told.turns(3);
        UUID next = told.write(EntryType.GIVEN, consent, "assistant");
        UUID last = told.write(EntryType.RENEWED, next, "assistant");
        UUID _ = told.write(EntryType.WITHDRAWN, last);
        told.turns(6);

        assertThat(told.platform.wrong()).isEmpty();
        assertThat(told.platform.states().values()).doesNotContainAnyElementsOf(IN);
        assertThat(told.standing().waiting()).isZero();
        assertThat(confirmed).containsExactly("consent.withdrawn 200");
    }

    @ParameterizedTest
    @EnumSource
    void whatWasReplacedIsNotGivenWhereWhatReplacedItWasWithdrawn(Platform.Kind kind)
            throws Exception {
        Told told = new Told(kind);
        told.tied();
        UUID consent = told.write(EntryType.GIVEN, NOTHING, "assistant", "transcript");
        UUID next = told.write(EntryType.GIVEN, consent, "assistant");
        UUID _ = told.write(EntryType.WITHDRAWN, next);
        Set<String> seen = new HashSet<>();
        for (int turn = 0; turn < 6; turn++) {
            told.turns(1);
            seen.addAll(told.platform.states().values());
        }

        assertThat(told.platform.wrong()).isEmpty();
        assertThat(seen).isNotEmpty().doesNotContainAnyElementsOf(IN);
        assertThat(told.standing().waiting()).isZero();
    }

    /** Of what holds now nothing is held back. */
    @ParameterizedTest
    @EnumSource
    void whatReplacedAConsentIsGivenAlthoughNothingWasToldYet(Platform.Kind kind) throws Exception {
        Told told = new Told(kind);
        told.tied();
        UUID consent = told.write(EntryType.GIVEN, NOTHING, "assistant", "transcript");
        UUID next = told.write(EntryType.GIVEN, consent, "assistant");
        told.turns(5);

        assertThat(told.platform.wrong()).isEmpty();
        assertThat(told.platform.states().toString()).isEqualTo(replaced(kind, consent, next));
    }

    /** The withdrawal overtakes the end of the purpose, which then says nothing new. */
    @ParameterizedTest
    @EnumSource
    void aPurposeThatEndedEndsOverThereWithTheConsentThatOvertakesIt(Platform.Kind kind)
            throws Exception {
        Told told = new Told(kind);
        told.tied();
        UUID consent = told.write(EntryType.GIVEN, NOTHING, "assistant", "transcript");
        told.turns(3);
        told.ends(consent, "transcript", "ENDED");
        UUID _ = told.write(EntryType.WITHDRAWN, consent);
        told.turns(5);

        assertThat(told.platform.wrong()).isEmpty();
        assertThat(told.platform.states()).isEqualTo(kept(kind, consent, false));
    }

    private static String withoutTranscript(Platform.Kind kind, UUID consent) {
        return switch (kind) {
            case SALESFORCE -> "{%1$s-assistant=OptIn, %1$s-transcript=OptOut}".formatted(consent);
            case HUBSPOT -> "{%s=in_force}".formatted(consent);
            case DYNAMICS -> "{K-4711 101=534120001, K-4711 102=534120002}";
            case FIDES ->
                    "{%s 002=opt_out, K-4711 001=opt_in, K-4711 002=opt_out}".formatted(consent);
        };
    }

    @ParameterizedTest
    @EnumSource
    void whenOnePurposeEndsOnlyThatOneEndsOverThere(Platform.Kind kind) throws Exception {
        Told told = new Told(kind);
        told.tied();
        UUID consent = told.write(EntryType.GIVEN, NOTHING, "assistant", "transcript", "recording");
        told.ends(consent, "transcript", "ENDED");
        told.turns(1); // before anything was told
        told.ends(consent, "recording", "ENDED"); // which nobody over there knows of
        told.ends(consent, "assistant", "REFUSED"); // a question that was answered with no
        told.turns(5);

        assertThat(told.platform.wrong()).isEmpty();
        assertThat(new TreeMap<>(told.platform.states()).toString())
                .isEqualTo(withoutTranscript(kind, consent));
        assertThat(told.standing().waiting()).isZero();
        assertThat(told.sender.totals().attempts("crm", "not_wanted"))
                .as("HubSpot keeps what is left of each consent")
                .isEqualTo(kind == Platform.Kind.HUBSPOT ? 0 : 1);
    }

    @ParameterizedTest
    @EnumSource(names = {"SALESFORCE", "FIDES"})
    void whatWasWithdrawnWhileThePlatformWasAwayIsNotGivenAgain(Platform.Kind kind)
            throws Exception {
        Told told = new Told(kind);
        told.tied();
        UUID consent = told.write(EntryType.GIVEN, NOTHING, "assistant", "transcript");
        UUID _ = told.write(EntryType.WITHDRAWN, consent);
        told.turns(5); // the withdrawal overtakes

        assertThat(told.platform.states()).isEqualTo(kept(kind, consent, false));
        assertThat(told.standing().waiting()).isZero();
        assertThat(told.sender.totals().attempts("crm", "not_wanted")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"SALESFORCE", "FIDES"})
    void whatIsWithdrawnWhileItIsBeingGivenEndsOverThereAsWell(Platform.Kind kind)
            throws Exception {
        Told told = new Told(kind);
        told.tied();
        UUID consent = told.write(EntryType.GIVEN, NOTHING, "assistant", "transcript");
        // The message of this withdrawal is not sent at all: the other one has to do it.
        told.platform.meanwhile(_ -> {
            told.platform.meanwhile(_ -> {});
            UUID _ = told.write(EntryType.WITHDRAWN, consent);
        });
        boolean _ = told.sender.turn();

        assertThat(told.platform.wrong()).isEmpty();
        assertThat(told.platform.states()).isEqualTo(kept(kind, consent, false));
    }

    /** By a node that has died since: it had looked before the withdrawal, and sent after it. */
    @ParameterizedTest
    @EnumSource(names = {"SALESFORCE", "FIDES"})
    void whatWasGivenByAnAttemptOfWhichNobodyKnowsIsEndedOverThere(Platform.Kind kind)
            throws Exception {
        Told told = new Told(kind);
        told.tied();
        UUID consent = told.write(EntryType.GIVEN, NOTHING, "assistant", "transcript");
        Message inHand =
                told.ledger
                        .outbox()
                        .claim(
                                List.of(new EventOutbox.Wanted("crm", false, 1, false)),
                                "gw0",
                                now,
                                WebhookSender.LEASE)
                        .getFirst();
        UUID _ = told.write(EntryType.WITHDRAWN, consent);
        told.turns(3);
        assertThat(told.platform.states()).isEqualTo(kept(kind, consent, false));
        assertThat(told.lookedBefore().of(inHand, told.endpoint))
                .isInstanceOf(Poster.Response.HttpStatus.class);
        assertThat(told.platform.states()).containsAllEntriesOf(kept(kind, consent, true));

        now = now.plus(WebhookSender.LEASE);
        told.turns(3);

        assertThat(told.platform.wrong()).isEmpty();
        assertThat(told.platform.states()).isEqualTo(kept(kind, consent, false));
        assertThat(told.standing().waiting()).isZero();
    }

    /** Only then does anybody know whose it is: the platform knows the consent by its id. */
    @Test
    void whoIsTiedBehindAConsentIsOptedOutUnderItsIdAsWell() throws Exception {
        Told told = new Told(Platform.Kind.FIDES);
        UUID first = told.write(EntryType.GIVEN, NOTHING, "assistant", "transcript", "marketing");
        told.turns(3);
        assertThat(told.platform.states())
                .containsOnlyKeys(first + " 001", first + " 002", first + " 004");
        assertThat(told.platform.states().values()).containsOnly("opt_in");
        UUID next = told.write(EntryType.RENEWED, first, "assistant", "transcript");
        told.turns(3);
        assertThat(optedIn(told)).containsExactlyInAnyOrder(next + " 001", next + " 002");

        told.tied();
        told.ends(next, "transcript", "ENDED");
        told.turns(3);
        assertThat(optedIn(told)).containsExactly(next + " 001");
        UUID _ = told.write(EntryType.WITHDRAWN, next);
        told.turns(3);

        assertThat(told.platform.wrong()).isEmpty();
        assertThat(optedIn(told)).isEmpty();
        assertThat(told.platform.states()).containsKeys("K-4711 001", "K-4711 002");
        assertThat(confirmed).containsExactly("consent.withdrawn 200");
    }

    @ParameterizedTest
    @EnumSource(names = {"DYNAMICS", "FIDES"})
    void whoWasCalledOtherwiseIsOptedOutUnderThatNameAsWell(Platform.Kind kind) throws Exception {
        Told told = new Told(kind);
        told.tied("C-1");
        UUID first = told.write(EntryType.GIVEN, NOTHING, "assistant", "transcript");
        told.turns(3);
        assertThat(optedIn(told)).hasSize(2).allMatch(key -> key.startsWith("C-1 "));
        told.tied("C-2");
        UUID next = told.write(EntryType.RENEWED, first, "assistant", "transcript");
        told.turns(3);
        assertThat(optedIn(told)).hasSize(2).allMatch(key -> key.startsWith("C-2 "));

        told.tied("C-3");
        told.ends(next, "transcript", "ENDED");
        told.turns(3);
        assertThat(optedIn(told)).hasSize(1);
        UUID _ = told.write(EntryType.WITHDRAWN, next);
        told.turns(3);

        assertThat(told.platform.wrong()).isEmpty();
        assertThat(optedIn(told)).isEmpty();
        assertThat(told.platform.states().keySet())
                .anyMatch(key -> key.startsWith("C-3 "))
                .anyMatch(key -> key.startsWith("C-2 "));
    }

    /** The number was somebody else's then. */
    @ParameterizedTest
    @EnumSource(names = {"DYNAMICS", "FIDES"})
    void whoWasCalledSoBeforeTheConsentAloneIsToldNothing(Platform.Kind kind) throws Exception {
        Told told = new Told(kind);
        told.tied("C-1");
        told.tied("C-2");
        UUID consent = told.write(EntryType.GIVEN, NOTHING, "assistant", "transcript");
        UUID _ = told.write(EntryType.WITHDRAWN, consent);
        told.turns(5);

        assertThat(told.platform.wrong()).isEmpty();
        assertThat(told.platform.states().keySet())
                .anyMatch(key -> key.startsWith("C-2 "))
                .noneMatch(key -> key.startsWith("C-1 "));
    }

    /** Of what the platform keeps. */
    private static List<String> optedIn(Told told) {
        return told.platform.states().entrySet().stream()
                .filter(state -> IN.contains(state.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    @ParameterizedTest
    @EnumSource(names = {"SALESFORCE", "FIDES"})
    void aCallerWhomNobodyKnowsOverThereIsNoCustomer(Platform.Kind kind) throws Exception {
        Told told = new Told(kind);
        UUID consent = told.write(EntryType.GIVEN, NOTHING, "assistant");
        UUID _ = told.write(EntryType.WITHDRAWN, consent);
        told.turns(4);

        assertThat(told.platform.wrong()).isEmpty();
        assertThat(told.standing().waiting()).isZero();
        boolean byPerson = kind == Platform.Kind.SALESFORCE;
        assertThat(told.platform.requests().isEmpty()).isEqualTo(byPerson);
        assertThat(confirmed.isEmpty())
                .as("who was told nothing has confirmed nothing")
                .isEqualTo(byPerson);
    }

    /** It had waited while the platform was away, and what tells of an erasure goes first. */
    @Test
    void whoWasErasedIsNotGivenAgain() throws Exception {
        Told told = new Told(Platform.Kind.HUBSPOT);
        UUID consent = told.write(EntryType.GIVEN, NOTHING, "assistant", "transcript");
        told.ends(consent, "transcript", "ENDED");
        var _ =
                told.ledger.erase(
                        new NewEntry(
                                EntryIds.next(now),
                                EntryType.ERASED,
                                null,
                                null,
                                JsonNodeFactory.instance.objectNode()),
                        new PseudonymousSubject(List.of("anna")),
                        Set.of());
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.putObject("holder").put("name", "CRM");
        payload.putArray("consents").add(consent.toString());
        var _ =
                told.ledger
                        .append(
                                new NewEntry(
                                        EntryIds.next(now),
                                        EntryType.HOLDER_TO_TELL,
                                        null,
                                        null,
                                        payload))
                        .toCompletableFuture()
                        .join();
        told.turns(4);

        assertThat(told.platform.wrong()).isEmpty();
        assertThat(told.standing().waiting()).isZero();
        assertThat(told.platform.states()).isEqualTo(Map.of(consent.toString(), "erased"));
    }

    @Test
    void aPurposeThatEndedBeforeTheConsentDoesNotBringItBack() throws Exception {
        Told told = new Told(Platform.Kind.HUBSPOT);
        UUID consent = told.write(EntryType.GIVEN, NOTHING, "assistant", "transcript");
        told.turns(1);
        told.ends(consent, "transcript", "ENDED");
        UUID _ = told.write(EntryType.WITHDRAWN, consent);
        told.turns(4);

        assertThat(told.platform.wrong()).isEmpty();
        assertThat(told.platform.requests())
                .as("the consent, and that it was withdrawn, which says all")
                .hasSize(2);
        assertThat(told.platform.states()).isEqualTo(Map.of(consent.toString(), "withdrawn"));
    }

    @ParameterizedTest
    @EnumSource(names = {"SALESFORCE", "HUBSPOT"})
    void anErasureReachesWhoKeepsAThingPerConsent(Platform.Kind kind) throws Exception {
        Told told = new Told(kind);
        told.tied();
        UUID consent = told.write(EntryType.GIVEN, NOTHING, "assistant");
        told.turns(2);
        NewEntry erased = entry(EntryType.HOLDER_TO_TELL, NOTHING);
        erased.payload().putObject("holder").put("name", "CRM");
        erased.payload().putArray("consents").add(consent.toString());
        var _ =
                told.ledger
                        .append(
                                new NewEntry(
                                        erased.id(), erased.type(), null, null, erased.payload()))
                        .toCompletableFuture()
                        .join();
        told.turns(3);

        assertThat(told.platform.wrong()).isEmpty();
        assertThat(told.platform.states())
                .isEqualTo(
                        kind == Platform.Kind.SALESFORCE
                                ? Map.of()
                                : Map.of(consent.toString(), "erased"));
        assertThat(confirmed).as("404 to a DELETE is no fault").hasSize(1);
    }

    @Test
    void aTokenThatWasChangedIsReadAnewAndNothingIsLost() throws Exception {
        Told told = new Told(Platform.Kind.HUBSPOT);
        told.platform.token("second");
        UUID consent = told.write(EntryType.GIVEN, NOTHING, "assistant");
        told.turns(3);
        assertThat(told.platform.states()).isEmpty();
        assertThat(told.standing().waiting()).isEqualTo(1);

        token = "second";
        now = now.plus(Duration.ofMinutes(1));
        told.turns(3);
        assertThat(told.platform.states()).isEqualTo(Map.of(consent.toString(), "in_force"));
    }

    @Test
    void whatIsTakenInPartIsNotTaken() throws Exception {
        Told told = new Told(Platform.Kind.HUBSPOT);
        UUID _ = told.write(EntryType.WITHDRAWN, NOTHING);
        told.platform.answers(207);
        told.turns(3);
        assertThat(confirmed).isEmpty();
        assertThat(told.standing().waiting()).isEqualTo(1);

        told.platform.answers(0);
        now = now.plus(Duration.ofMinutes(1));
        told.turns(3);
        assertThat(confirmed).containsExactly("consent.withdrawn 200");
    }

    @Test
    void theShippedMappingsMakeOfEveryExampleWhatTheSchemaTakes() throws Exception {
        for (Platform.Kind kind : Platform.Kind.values()) {
            Mapping mapping = Mapping.of(MAPPINGS.resolve(kind.file() + ".jsonata"));
            Endpoint endpoint = endpoint(URI.create("https://platform.example"), mapping);
            var trial = new MappingTrial(endpoint, mapping, "https://gw.example");
            assertThat(trial.wrong()).as(kind.name()).isEmpty();
            for (EventType type : EnumSet.complementOf(EnumSet.of(EventType.ENDPOINT_TEST))) {
                for (WebRequest one : trial.requests(type)) {
                    String body = new String(one.body(), StandardCharsets.UTF_8);
                    assertThat(
                                    body.isEmpty()
                                            ? List.of()
                                            : kind.schema().validate(body, InputFormat.JSON))
                            .as(kind + " " + type)
                            .isEmpty();
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"path": "/a\\r\\nX-Evil: 1"}                       | makes a path that is none
                    {"path": "@evil.example/"}                          | makes a path that is none
                    {"path": "http://evil.example/"}                    | makes a path that is none
                    {"path": "/a b"}                                    | makes a path that is none
                    {"method": "CONNECT"}                               | makes a method CONNECT
                    {"url": "https://evil.example"}                     | makes a member url
                    {"headers": {"Host": "evil.example"}}               | makes the header host
                    {"headers": {"authorization": "Bearer x"}}          | makes the header authorization
                    {"headers": {"Transfer-Encoding": "chunked"}}       | makes the header transfer-encoding
                    {"headers": {"webhook-id": "1"}}                    | makes the header webhook-id
                    {"headers": {"x": "a\\r\\nb"}}                      | makes a header that is none
                    {"headers": {"x y": "a"}}                           | makes a header that is none
                    "text"                                              | must make objects
                    [1, 2]                                              | must make objects
                    ( $f := function($n) { $f($n + 1) }; $f(1) )        | timeout
                    ( $f := function($n) { 1 + $f($n + 1) }; $f(1) )    | Stack overflow
                    [1..501].{"method": "POST"}                         | makes more than 500 requests
                    data.record_id + 1                                  | must evaluate to a number
                    """)
    void aMappingThatGoesAstrayIsSaidAndSendsNothing(String text, String wrong) throws Exception {
        var delivery =
                new Delivery(
                        "https://gw.example",
                        SEED,
                        (_, request) -> fail("sent: " + request),
                        EventContext.NONE,
                        () -> now);
        var message =
                new Message(
                        1,
                        EntryIds.next(now),
                        "crm",
                        EventType.CONSENT_WITHDRAWN.text(),
                        Message.Place.NONE,
                        now,
                        true,
                        "{\"record_id\":\"r\",\"consent_id\":\"c\"}",
                        0,
                        0);
        Endpoint endpoint =
                endpoint(URI.create("https://platform.example"), Mapping.of("astray", text));

        assertThat(delivery.of(message, endpoint))
                .isInstanceOfSatisfying(
                        Poster.Response.Unfit.class,
                        unfit -> assertThat(unfit.why()).startsWith("mapping: ").contains(wrong));
    }

    /** A consent that ends while it is being given. */
    private static final class Ending implements EventContext {
        private final Message end;
        private boolean ended;

        Ending(Message end, boolean ended) {
            this.end = end;
            this.ended = ended;
        }

        @Override
        public ObjectNode of(Message message, ObjectNode data) {
            return JsonNodeFactory.instance.objectNode();
        }

        @Override
        public Optional<Message> endOf(Message message, String consent) {
            if (consent.isEmpty()) {
                return Optional.empty();
            }
            Optional<Message> known = ended ? Optional.of(end) : Optional.empty();
            ended = true;
            return known;
        }
    }

    private Message message(EventType type, int attempts) {
        return new Message(
                1,
                EntryIds.next(now),
                "crm",
                type.text(),
                Message.Place.NONE,
                now,
                type.urgent(),
                "{\"record_id\":\"r\",\"consent_id\":\"c\"}",
                attempts,
                0);
    }

    private Endpoint slow() throws Exception {
        return endpoint(
                URI.create("https://platform.example"),
                Mapping.of("three", "[1..3].{'method': 'POST', 'path': '/'}"));
    }

    /** Else another node would send it beside this one. */
    @Test
    void whatIsGivenAndEndedIsOverBeforeItsLeaseIs() throws Exception {
        Instant begun = now;
        var delivery =
                new Delivery(
                        "https://gw.example",
                        SEED,
                        (_, _) -> {
                            now = now.plusSeconds(29);
                            return new Poster.Response.HttpStatus(204, 0);
                        },
                        new Ending(message(EventType.CONSENT_WITHDRAWN, 0), false),
                        () -> now);

        assertThat(delivery.of(message(EventType.CONSENT_GIVEN, 0), slow()))
                .isEqualTo(new Poster.Response.Failed("timeout"));
        assertThat(Duration.between(begun, now)).isLessThan(WebhookSender.LEASE);
    }

    /** It may have been given by an attempt of which only the end failed. */
    @Test
    void whatHadEndedWhenAnAttemptFailedIsEndedOverThere() throws Exception {
        Message end = message(EventType.CONSENT_WITHDRAWN, 0);
        List<String> sent = new ArrayList<>();
        var delivery =
                new Delivery(
                        "https://gw.example",
                        SEED,
                        (_, request) -> {
                            sent.add(request.headers().get("webhook-id"));
                            return new Poster.Response.HttpStatus(204, 0);
                        },
                        new Ending(end, true),
                        () -> now);

        assertThat(delivery.of(message(EventType.CONSENT_GIVEN, 0), slow()))
                .isEqualTo(new Poster.Response.NotWanted());
        assertThat(sent).isEmpty();
        assertThat(delivery.of(message(EventType.CONSENT_GIVEN, 1), slow()))
                .isEqualTo(new Poster.Response.HttpStatus(204, 0));
        assertThat(sent).hasSize(3).containsOnly(end.id().toString());
    }

    @Test
    void whoIsToldOfConsentsIsToldOfTheirEnds() throws Exception {
        Mapping mapping = Mapping.of("half", "event = 'consent.given' ? {'body': data} : null");
        Endpoint endpoint = endpoint(URI.create("https://platform.example"), mapping);
        assertThat(new MappingTrial(endpoint, mapping, "https://gw.example").wrong())
                .contains("tells of consent.given and not of consent.withdrawn");
    }
}
