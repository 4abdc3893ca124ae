package org.consentgateway.line;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;
import org.consentgateway.call.CallServices;
import org.consentgateway.call.ConsentCall;
import org.consentgateway.call.Line;
import org.consentgateway.call.Targets;
import org.consentgateway.call.answer.AnswerTiming;
import org.consentgateway.call.far.Assistant;
import org.consentgateway.call.far.AssistantEnd;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.call.far.Dialling;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.far.FarEnd;
import org.consentgateway.call.far.HumanEnd;
import org.consentgateway.call.far.HumanTarget;
import org.consentgateway.call.spoken.Variants;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.ValidityPeriod;
import org.consentgateway.consent.journal.ConsentJournal;
import org.consentgateway.consent.journal.DurableGrant;
import org.consentgateway.consent.journal.LateJournal;
import org.consentgateway.consent.journal.LogPosition;
import org.consentgateway.consent.request.LinkSender;
import org.consentgateway.consent.request.RequestDesk;
import org.consentgateway.consent.request.RequestStore;
import org.consentgateway.consent.request.SubjectRequest;
import org.consentgateway.consent.request.Task;
import org.consentgateway.consent.request.TaskDesk;
import org.consentgateway.consent.request.TaskStore;
import org.consentgateway.language.ShippedLanguages;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.notice.NoticeLibrary;
import org.consentgateway.notice.NoticeUse;
import org.consentgateway.notice.TextSources;
import org.consentgateway.proof.KnowsNobody;
import org.consentgateway.speech.Recogniser;
import org.consentgateway.speech.voice.PromptLibrary;
import org.consentgateway.speech.voice.VoiceSettings;
import org.consentgateway.speech.vosk.InlineRecogniser;
import org.consentgateway.target.FarLeg;

/**
 * Thread-safe. The shipped configuration, texts, recordings, models and words, for calls in virtual
 * time: a call of half a minute takes a fraction of a second of one core, and any number of them
 * may be made at once.
 */
final class VirtualCalls implements AutoCloseable {
    private static final Path PROJECT = Path.of(System.getProperty("project.root"));

    private static final int AT_ONCE = 0;
    private static final int NEVER = -1;

    private final Recogniser recogniser;
    private final NoticeLibrary notices;

    /** Hears as shipped, whoever is asked now. */
    final InlineRecogniser shipped;

    private final int givenTakesMillis;

    private VirtualCalls(
            InlineRecogniser shipped,
            Recogniser recogniser,
            NoticeLibrary notices,
            int givenTakesMillis) {
        this.givenTakesMillis = givenTakesMillis;
        this.shipped = shipped;
        this.recogniser = recogniser;
        this.notices = notices;
    }

    static VirtualCalls shipped() throws Exception {
        var voice =
                new VoiceSettings(
                        PROJECT.resolve("config/prompts"),
                        PROJECT.resolve("no-cache"),
                        false,
                        ShippedLanguages.ALL);
        var sources =
                new TextSources(
                        PROJECT.resolve("config/notices"), voice, NoticeUse.none(LocalDate.EPOCH));
        InlineRecogniser shipped = InlineRecogniser.shipped(PROJECT);
        return new VirtualCalls(
                shipped, shipped, NoticeLibrary.load(sources, PromptLibrary.open(voice)), 0);
    }

    /** The same, but heard by another recogniser. */
    VirtualCalls heardBy(Recogniser other) {
        return new VirtualCalls(shipped, other, notices, givenTakesMillis);
    }

    /** The questions of the shipped ladder. */
    static Line ladder(String language, Purpose... purposes) {
        List<Level> levels = new ArrayList<>();
        for (int i = 1; i <= purposes.length; i++) {
            levels.add(
                    Level.of(
                            List.of("basis", "komfort", "voll").get(i - 1),
                            List.of(purposes).subList(0, i),
                            new ValidityPeriod.ThisCall(),
                            Period.ofYears(3),
                            true));
        }
        return new Line(
                "demo",
                Set.of("+4930123456"),
                "demo",
                List.of(language),
                new Line.QuestionPlan(Line.Dialog.LADDER, 2, 1, Line.Remember.ASK),
                levels,
                "assistant",
                List.of("human"),
                false,
                true,
                new Line.Service(false, false, null, null),
                "*9",
                Line.DEFAULT_RENEWAL_WINDOW,
                ZoneId.of("Europe/Berlin"),
                AnswerTiming.DEFAULT);
    }

    /** How long this part is spoken. */
    int millis(String language, String part) {
        return notices.clip(notices.all("demo", language).getLast(), part).millis();
    }

    String text(String language, String part) {
        return notices.all("demo", language).getLast().texts().getOrDefault(part, "");
    }

    /**
     * What came of a call.
     *
     * @param connectedMillis when an assistant began to hear the caller
     */
    record Outcome(
            List<ConsentRecord> records, List<VirtualCaller.Begun> heard, long connectedMillis) {
        /** Whether an assistant heard the caller. */
        boolean connected() {
            return connectedMillis != VirtualCaller.NEVER;
        }

        boolean consent() {
            return records.stream().anyMatch(ConsentRecord.Given.class::isInstance);
        }

        boolean refused() {
            return records.stream().anyMatch(ConsentRecord.Refused.class::isInstance);
        }

        boolean withdrawn() {
            return records.stream().anyMatch(ConsentRecord.Withdrawn.class::isInstance);
        }

        /** What was granted; 0 where nothing was. */
        int purposes() {
            return records.stream()
                    .filter(ConsentRecord.Given.class::isInstance)
                    .map(ConsentRecord.Given.class::cast)
                    .mapToInt(given -> given.grant().level().purposes().size())
                    .findFirst()
                    .orElse(0);
        }

        /** Whether each of three tries was heard to its end, and then waited for. */
        boolean wholePrompts() {
            return times("question.assistant") == 1
                    && times("repeat-1.assistant") == 1
                    && heard.stream().anyMatch(begun -> begun.part().startsWith("repeat-2"))
                    && heard.stream().anyMatch(begun -> begun.part().equals("unanswered"));
        }

        /** From the start of the call until this was begun to be spoken; -1 where it never was. */
        long begunMillis(String part) {
            return heard.stream()
                    .filter(begun -> begun.part().equals(part))
                    .mapToLong(VirtualCaller.Begun::millis)
                    .findFirst()
                    .orElse(-1);
        }

        /** From the start of the call until the consent was recorded; -1 where it never was. */
        long recordedMillis() {
            return records.stream()
                    .filter(ConsentRecord.Given.class::isInstance)
                    .mapToLong(given -> Duration.between(VirtualTime.START, given.at()).toMillis())
                    .findFirst()
                    .orElse(-1);
        }

        long times(String part) {
            return heard.stream().filter(begun -> begun.part().equals(part)).count();
        }

        @Override
        public String toString() {
            return records.stream().map(r -> r.getClass().getSimpleName()).toList()
                    + " "
                    + heard.stream().map(b -> b.part() + "@" + b.millis()).toList();
        }
    }

    Outcome call(Line line, CallersLine.Trouble trouble, VirtualCaller.Cue... cues) {
        return call(line, trouble, AT_ONCE, cues);
    }

    /** The assistant's telephone rings, and rings. */
    Outcome ringing(Line line, VirtualCaller.Cue... cues) {
        return call(line, CallersLine.Trouble.NONE, NEVER, cues);
    }

    /** It is answered so long after it was dialled. */
    Outcome answeredAfter(int millis, Line line, VirtualCaller.Cue... cues) {
        return call(line, CallersLine.Trouble.NONE, millis, cues);
    }

    /** Until a consent is on disk so much time passes. */
    Outcome recordedIn(int millis, Line line, VirtualCaller.Cue... cues) {
        return new VirtualCalls(shipped, recogniser, notices, millis)
                .call(line, CallersLine.Trouble.NONE, cues);
    }

    private Outcome call(
            Line line, CallersLine.Trouble trouble, int answers, VirtualCaller.Cue... cues) {
        var store = new Memory(givenTakesMillis);
        var ids = new Random(line.hashCode());
        var journal =
                new ConsentJournal(
                        store,
                        store,
                        Duration.ofSeconds(1),
                        () -> new UUID(ids.nextLong(), ids.nextLong()));
        var facts =
                new CallFacts(
                        new UUID(1, ids.nextLong()),
                        "",
                        "trunk",
                        line.id(),
                        null,
                        null,
                        false,
                        true,
                        false);
        var caller =
                new VirtualCaller(
                        facts,
                        recogniser,
                        said ->
                                said.parts().stream()
                                        .map(part -> notices.clip(said.notice(), part))
                                        .toList(),
                        trouble,
                        List.of(cues));
        store.waits = caller::passes;
        var services =
                new CallServices(
                        journal,
                        new RequestDesk(store, Duration.ofSeconds(1), journal::newId),
                        new TaskDesk(store, _ -> null, Duration.ofSeconds(1), journal::newId),
                        LinkSender.NONE,
                        notices,
                        new Everybody(answers, caller),
                        _ -> {},
                        caller.time().ofCalls(),
                        new Variants(new Random(2)));
        new ConsentCall(services, line, caller).run();
        return new Outcome(store.records, caller.heard(), caller.connectedMillis());
    }

    @Override
    public void close() {
        recogniser.close();
    }

    /** Durable at once, or a grant a while later. */
    private static final class Memory implements KnowsNobody, LateJournal, RequestStore, TaskStore {
        private final List<ConsentRecord> records = new ArrayList<>();
        private final int givenTakesMillis;
        private LongConsumer waits = _ -> {};

        Memory(int givenTakesMillis) {
            this.givenTakesMillis = givenTakesMillis;
        }

        @Override
        public LogPosition append(List<ConsentRecord> added, Duration deadline) {
            if (added.stream().anyMatch(ConsentRecord.Given.class::isInstance)) {
                waits.accept(givenTakesMillis);
            }
            records.addAll(added);
            return new LogPosition("test", records.size());
        }

        @Override
        public boolean keep(List<ConsentRecord> together) {
            return records.addAll(together);
        }

        @Override
        public List<ConsentRecord> kept() {
            return List.of();
        }

        @Override
        public void forget(Collection<ConsentRecord> written) {}

        @Override
        public void open(SubjectRequest.Opened request, Duration deadline) {}

        @Override
        public void open(
                SubjectRequest.Opened request,
                SubjectRequest.CallBackDue callBack,
                Duration deadline) {}

        @Override
        public int callBacksSince(Subject subject, Instant since, Duration deadline) {
            return 0;
        }

        @Override
        public void open(Task.Opened task, Duration deadline) {}

        @Override
        public List<Task.Opened> open(Task.Kind kind, int limit, Duration deadline) {
            return List.of();
        }

        @Override
        public List<SubjectRequest.Opened> unanswered(Subject subject, Duration deadline) {
            return List.of();
        }
    }

    /**
     * Who is dialled. Humans answer at once.
     *
     * @param answersAfter so many milliseconds assistants do, {@link #AT_ONCE} or {@link #NEVER}
     * @param time of the call
     */
    private record Everybody(int answersAfter, VirtualCaller time) implements Targets {
        @Override
        public Assistant assistant(String name) {
            return new Assistant() {
                @Override
                public String name() {
                    return name;
                }

                @Override
                public Dialling<AssistantEnd> dial(
                        DurableGrant grant, CallFacts facts, String language) {
                    var end = new AnsweredAssistant(new VirtualLeg(_ -> {}));
                    if (answersAfter == AT_ONCE) {
                        return new Answered<>(end);
                    }
                    var rings = new Rings<AssistantEnd>();
                    if (answersAfter != NEVER) {
                        time.later(
                                answersAfter,
                                () -> rings.result().complete(new Dialled.Connected<>(end)));
                    }
                    return rings;
                }
            };
        }

        @Override
        public List<HumanTarget> humans(Line line) {
            return List.of(
                    new HumanTarget() {
                        @Override
                        public String name() {
                            return "human";
                        }

                        @Override
                        public boolean open(ZonedDateTime now) {
                            return true;
                        }

                        @Override
                        public Health health() {
                            return Health.UP;
                        }

                        @Override
                        public Dialling<HumanEnd> dial(CallFacts facts) {
                            return new Answered<>(new AnsweredHuman());
                        }
                    });
        }
    }

    private record Answered<E extends FarEnd>(E end) implements Dialling<E> {
        @Override
        public CompletionStage<Dialled<E>> result() {
            return CompletableFuture.completedStage(new Dialled.Connected<>(end));
        }

        @Override
        public void cancel(Ending why) {}
    }

    private record Rings<E extends FarEnd>(CompletableFuture<Dialled<E>> result)
            implements Dialling<E> {
        Rings() {
            this(new CompletableFuture<>());
        }

        @Override
        public void cancel(Ending why) {}
    }

    private static final class AnsweredHuman extends HumanEnd implements FarLeg {
        private final MediaLeg leg = new VirtualLeg(_ -> {});

        @Override
        public MediaLeg leg() {
            return leg;
        }

        @Override
        public CompletionStage<FarLeg.End> ended() {
            return new CompletableFuture<>();
        }

        @Override
        public void hangUp(Ending why) {}
    }
}
