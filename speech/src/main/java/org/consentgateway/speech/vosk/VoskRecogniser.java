package org.consentgateway.speech.vosk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.Listening;
import org.consentgateway.speech.ListeningPlace;
import org.consentgateway.speech.Recogniser;
import org.consentgateway.speech.SecondOpinion;
import org.consentgateway.speech.SpeechSettings;
import org.consentgateway.speech.SpeechTotals;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.speech.engine.AcousticModel;
import org.consentgateway.speech.engine.SpeechEngine;
import org.consentgateway.speech.verifier.Verifier;
import org.consentgateway.speech.words.Lexicon;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears with Vosk, in this process, on a few threads of its own. Thread-safe. */
public final class VoskRecogniser implements Recogniser {
    private static final Logger LOG = LoggerFactory.getLogger(VoskRecogniser.class);
    private static final long WATCH_MILLIS = 50;
    private static final long CLOSE_PATIENCE_MILLIS = 2000;

    /**
     * The one that is open, and one that was closed and that its thread has not let go of yet: who
     * has more waits for a thread that stands still.
     */
    private static final int MOST_OF_A_PLACE = 2;

    private final Map<String, RecognisedLanguage> languages;
    private final Map<String, String> state;
    private final Places places;
    private final long deadlineNanos;
    private final LongSupplier nanos;
    private final Counters counters = new Counters();
    private final List<RecogniserThread> threads = new ArrayList<>();
    private final ScheduledExecutorService watchdog;
    private final Future<?> watching;
    private volatile boolean closed;

    VoskRecogniser(
            Map<String, RecognisedLanguage> languages,
            Map<String, String> state,
            SpeechSettings settings,
            LongSupplier nanos) {
        this.languages = Map.copyOf(languages);
        this.state = new TreeMap<>(state);
        this.places = new Places(settings.limits());
        this.deadlineNanos = settings.deadline().toNanos();
        this.nanos = nanos;
        for (int i = 0; i < settings.workers(); i++) {
            threads.add(new RecogniserThread("speech-" + i, nanos, counters));
        }
        var timer =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("speech-watchdog").factory());
        this.watchdog = timer;
        this.watching =
                timer.scheduleWithFixedDelay(
                        this::watch, WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Loads every model. A missing, broken or wrong one costs its language the voice, never the
     * start.
     *
     * @param nanos monotonic time
     */
    public static VoskRecogniser open(SpeechSettings settings, LongSupplier nanos) {
        var languages = new HashMap<String, RecognisedLanguage>();
        var state = new HashMap<String, String>();
        var models = new HashMap<Path, AcousticModel>();
        settings.models()
                .forEach((language, folder) -> {
                    try {
                        AcousticModel model = models.get(folder);
                        if (model == null) {
                            model = engine(folder).open(folder);
                            models.put(folder, model);
                        }
                        RecognisedLanguage recognised = recognised(language, model, settings);
                        languages.put(language, recognised);
                        state.put(language, "ready");
                        if (!recognised.unknown().isEmpty()) {
                            // Usual, and harmless: callers who use them are asked again.
                            LOG.debug(
                                    "The model for {} knows not all words of {} phrases of the"
                                            + " lexicon: {}",
                                    language,
                                    recognised.unknown().size(),
                                    recognised.unknown());
                        }
                    } catch (IOException e) {
                        state.put(language, "keys only: " + e.getMessage());
                        LOG.warn(
                                "Questions in {} can be answered by keys only: {}",
                                language,
                                e.getMessage());
                    }
                });
        return new VoskRecogniser(languages, state, settings, nanos);
    }

    /** Ours speaks of what is wrong with a folder that nobody owns. */
    private static SpeechEngine engine(Path folder) {
        return ServiceLoader.load(SpeechEngine.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(engine -> engine.owns(folder))
                .findFirst()
                .orElseGet(VoskEngine::new);
    }

    private static RecognisedLanguage recognised(
            String language, AcousticModel model, SpeechSettings settings) throws IOException {
        LanguageModel.Bundled ours = LanguageModel.BUNDLED.get(model.sha256());
        if (ours != null && !ours.language().equals(language)) {
            throw new IOException(ours.name() + " was made for \"" + ours.language() + "\"");
        }
        Lexicon lexicon = Lexicon.load(settings.lexicon().resolve(language + ".yaml"));
        DecisionRule rule = DecisionRule.of(model.sha256());
        SecondOpinion opinion = settings.verification().in(language);
        // Without the second opinion that is asked for, a yes would count for more than it should.
        @Nullable Doubt doubt =
                rule.secondOpinion() || opinion == SecondOpinion.OFF
                        ? null
                        : new Doubt(verifier(language, lexicon, settings), language, opinion);
        return RecognisedLanguage.of(model, lexicon, rule, doubt);
    }

    private static Verifier verifier(String language, Lexicon lexicon, SpeechSettings settings)
            throws IOException {
        Verifier verifier = Verifier.open(settings.verification().folder());
        verifier.requireChecks(language, lexicon.phrases(SpokenMeaning.AGREE));
        return verifier;
    }

    @Override
    public boolean hears(String language) {
        return !closed && languages.containsKey(language);
    }

    @Override
    public Map<String, String> state() {
        return new TreeMap<>(state);
    }

    @Override
    public String model(String language) {
        RecognisedLanguage recognised = languages.get(language);
        return recognised == null ? "" : recognised.sha256();
    }

    @Override
    public SpeechTotals totals() {
        return new SpeechTotals(
                listening(),
                counters.opened.sum(),
                places.refused(ListeningPlace.Use.QUESTIONS),
                places.refused(ListeningPlace.Use.TALK),
                counters.framesDropped.sum(),
                counters.understood.sum(),
                counters.notUnderstood.sum(),
                counters.late.sum(),
                counters.crashed.sum(),
                counters.workersReplaced.sum());
    }

    private int listening() {
        return threads.stream().mapToInt(RecogniserThread::listening).sum();
    }

    @Override
    public @Nullable ListeningPlace place(ListeningPlace.Use use) {
        return places.take(use) ? new Place(use) : null;
    }

    /** Thread-safe. Given back once. */
    private final class Place implements ListeningPlace {
        private final Use use;
        private final AtomicBoolean left = new AtomicBoolean();

        Place(Use use) {
            this.use = use;
        }

        @Override
        public Listening listen(String language, Set<SpokenMeaning> accepted, Consumer<Heard> to) {
            if (left.get()) {
                throw new IllegalStateException("this place was given back");
            }
            return open(language, accepted, to);
        }

        @Override
        public void close() {
            if (left.compareAndSet(false, true)) {
                places.giveBack(use);
            }
        }
    }

    private synchronized Listening open(
            String language, Set<SpokenMeaning> accepted, Consumer<Heard> to) {
        RecognisedLanguage recognised = languages.get(language);
        RecogniserThread thread =
                threads.stream()
                        .min(Comparator.comparingInt(RecogniserThread::listening))
                        .orElseThrow();
        var session = new ListeningSession(recognised, Set.copyOf(accepted), to, thread, counters);
        if (closed || recognised == null) {
            session.refuse(Heard.Reason.NO_MODEL);
        } else if (listening() >= MOST_OF_A_PLACE * places.all()) {
            counters.late.increment();
            session.refuse(Heard.Reason.DEADLINE);
        } else {
            counters.opened.increment();
            thread.enter(session);
        }
        return session;
    }

    private void watch() {
        try {
            long now = nanos.getAsLong();
            threads.forEach(thread -> thread.watch(now, deadlineNanos));
        } catch (RuntimeException e) {
            LOG.error("The watch over the recogniser failed once", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        watching.cancel(false);
        watchdog.shutdown();
        threads.forEach(thread -> thread.close(CLOSE_PATIENCE_MILLIS));
        if (threads.stream().allMatch(RecogniserThread::isEmpty)) {
            languages.values().stream()
                    .map(RecognisedLanguage::model)
                    .distinct()
                    .forEach(AcousticModel::close);
        }
        // Else a thread is still inside the model; the process is about to end anyway.
    }
}
