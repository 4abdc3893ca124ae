package org.consentgateway.cli.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.consentgateway.call.spoken.FirstQuestion;
import org.consentgateway.consent.Parts;
import org.consentgateway.demo.DemoCall;
import org.consentgateway.demo.DemoCaller;
import org.consentgateway.demo.PromptFrames;
import org.consentgateway.demo.PromptSpotter;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.audio.Wav;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one thread; the network's threads leave what happens in a queue. One demo call from
 * the first ring to the last record.
 */
final class DemoRun implements Callable<Boolean> {
    /** The whole call: longer than two repeats, a human and a talk. */
    private static final long LIMIT_MILLIS = 150_000;

    /** A person needs so long to find a key, or to open the mouth. */
    private static final long THINKING_MILLIS = 900;

    /** A gateway that runs says at once that it has the call. */
    private static final long NOBODY_MILLIS = 1000;

    private static final String LINE_SEPARATOR = "\u2028";
    private static final String GREETING = "Guten Tag, ich lese und schreibe.";
    private static final double TONE_HERTZ = 620;
    private static final int TONE_MILLIS = 1200;
    private static final int TONE_AMPLITUDE = 9000;

    /** Of the energy of a frame, at the tone: speech never has so much at one pitch. */
    private static final double ECHO_SHARE = 0.6;

    private static final int ECHO_FRAMES = 10;

    /** What happens to the caller. */
    private sealed interface Event {}

    private record Trying() implements Event {}

    private record Ringing() implements Event {}

    private record Answered() implements Event {}

    private record Begins(String prompt) implements Event {}

    private record Ends(String prompt, boolean whole) implements Event {}

    private record EchoHeard() implements Event {}

    private record Over(DemoCall.Outcome outcome) implements Event {}

    /** Something the caller has made up its mind to do. */
    private record Todo(long atMillis, Runnable what) {}

    /**
     * Thread-safe. The lines of one call, among those of others.
     *
     * @param tag tells the call from the others
     */
    record Transcript(PrintWriter out, String tag) {
        void tell(long millis, String what, String detail) {
            synchronized (out) {
                out.printf(Locale.ROOT, "%s%8.3f  %-9s %s%n", tag, millis / 1000.0, what, detail);
                out.flush();
            }
        }
    }

    private final DemoWorld world;
    private final DemoCaller caller;
    private final DemoScript script;
    private final String from;
    private final @Nullable Path save;
    private final Transcript transcript;

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Deque<Todo> todos = new ArrayDeque<>();
    private final Deque<DemoScript.Answer> answers;
    private final Map<String, DemoPrompts.Known> prompts = new HashMap<>();
    private final Set<String> heard = new LinkedHashSet<>();
    private final Set<UUID> told = new HashSet<>();
    private final long start = System.nanoTime();

    /** Whether there was any sign of a gateway, or the wait for one is over. */
    private enum Far {
        AWAITED,
        THERE,
        SILENT
    }

    private Far far = Far.AWAITED;

    /** Whether the question heard last is still to be answered. */
    private boolean open;

    /** Whether what is pressed in the opening is still to be pressed. */
    private boolean once = true;

    /** Seconds from the answer until somebody else than the gateway spoke; negative: not yet. */
    private volatile double helpedAfter = -1;

    private long answeredAt;

    DemoRun(
            DemoWorld world,
            DemoCaller caller,
            DemoScript script,
            String from,
            @Nullable Path save,
            Transcript transcript) {
        this.world = world;
        this.caller = caller;
        this.script = script;
        this.from = from;
        this.save = save;
        this.transcript = transcript;
        this.answers = new ArrayDeque<>(script.answers());
    }

    @Override
    public Boolean call() throws Exception {
        prompts.putAll(world.prompts().all());
        Map<String, AudioClip> sounds = new HashMap<>();
        prompts.forEach((name, known) -> sounds.put(name, known.clip()));
        tell("calls", script.to() + " as " + from);
        var happening = new CallEvents(new PromptSpotter(new PromptFrames(sounds), spotted));
        DemoCall placed =
                script.text()
                        ? caller.callByText(script.to(), from, happening)
                        : caller.call(script.to(), from, happening);
        in(NOBODY_MILLIS, this::lookForAnybody);
        DemoCall.Outcome outcome = follow(placed);
        if (far == Far.SILENT) {
            return false;
        }
        tell(
                "over",
                outcome == null ? "not over after the time allowed" : OutcomeWords.of(outcome));
        Wav recording = new Wav(placed.heard(), PcmFrame.SAMPLE_RATE);
        if (save != null && recording.samples().length > 0) {
            recording.write(save);
            tell("saved", save + " (" + recording.samples().length / PcmFrame.SAMPLE_RATE + " s)");
        }
        records(placed);
        return asExpected(outcome);
    }

    /** Seconds from the answer until assistant or human spoke; negative: never. */
    double helpedAfter() {
        return helpedAfter;
    }

    private DemoCall.@Nullable Outcome follow(DemoCall placed) throws InterruptedException {
        while (now() < LIMIT_MILLIS && far != Far.SILENT) {
            Event event = events.poll(untilTodo(), TimeUnit.MILLISECONDS);
            far = event == null ? far : Far.THERE;
            switch (event) {
                case Trying() -> {}
                case Ringing() -> tell("ringing", "");
                case Answered() -> {
                    answeredAt = now();
                    tell("answered", "");
                }
                case Begins(String prompt) -> begins(placed, prompt);
                case Ends(String prompt, boolean whole) -> ends(placed, prompt, whole);
                case EchoHeard() -> {
                    heard.add("echo");
                    tell(
                            script.text() ? "reads" : "hears",
                            script.text()
                                    ? "its own words come back: both can read each other"
                                    : "its own tone come back: both can hear each other");
                }
                case Over(DemoCall.Outcome outcome) -> {
                    return outcome;
                }
                case null -> doWhatIsDue();
            }
        }
        placed.hangUp();
        return null;
    }

    private void lookForAnybody() {
        if (far == Far.AWAITED) {
            far = Far.SILENT;
            tell(
                    "nobody",
                    "answers at "
                            + script.to()
                            + ": does the gateway run? Start it with scripts/run, wait until it"
                            + " says that it takes calls, or name another by --to"
                            + " sip:demo@HOST:PORT");
        }
    }

    private void begins(DemoCall placed, String prompt) {
        DemoPrompts.Known known = known(prompt);
        heard.add(known.part());
        tell(script.text() ? "reads" : "hears", known.part() + ": " + known.text());
        if (known.part().equals(DemoPrompts.ASSISTANT) || known.part().equals(DemoPrompts.HUMAN)) {
            records(placed);
            if (helpedAfter < 0) {
                helpedAfter = (now() - answeredAt) / 1000.0;
            }
        }
        if (known.part().startsWith("opening")
                && "opening".equals(script.habits().hangUpDuring())) {
            in(THINKING_MILLIS, () -> hangUp(placed));
        }
        if (known.part().startsWith("opening") && !script.habits().inOpening().isEmpty() && once) {
            once = false;
            in(THINKING_MILLIS, () -> press(placed, script.habits().inOpening()));
        }
        if (!isQuestion(known.part())) {
            if (known.part().equals(DemoPrompts.ASSISTANT)
                    && script.habits().withdrawAfter() != null) {
                in(script.habits().withdrawAfter() * 1000L, () -> press(placed, "*9"));
            }
            return;
        }
        open = true;
        if ("question".equals(script.habits().hangUpDuring())) {
            in(THINKING_MILLIS, () -> hangUp(placed));
        } else if (answers.isEmpty() && known.part().equals("privacy-menu")) {
            in(THINKING_MILLIS, () -> hangUp(placed));
        } else if (nextAnswer() instanceof DemoScript.Keys(String keys)) {
            open = false;
            answers.poll();
            in(listening(known) + THINKING_MILLIS, () -> press(placed, keys));
        } else if (nextAnswer() instanceof DemoScript.WrittenWords(String words)) {
            open = false;
            answers.poll();
            in(THINKING_MILLIS, () -> type(placed, words));
        }
    }

    private void ends(DemoCall placed, String prompt, boolean whole) {
        String part = known(prompt).part();
        if (!whole) {
            tell("", part + " stops before its end");
        }
        if (part.equals(DemoPrompts.HUMAN)
                || (part.equals(DemoPrompts.ASSISTANT)
                        && script.habits().withdrawAfter() == null)) {
            in(200, () -> tone(placed));
            in(TONE_MILLIS + 1500, () -> endTalk(placed));
        } else if (open
                && isQuestion(part)
                && nextAnswer() instanceof DemoScript.Speech(String words, AudioClip clip)) {
            open = false;
            answers.poll();
            in(THINKING_MILLIS / 2, () -> say(placed, words, clip));
        }
    }

    /** Who has agreed or refused and is asked for more says no; who never answers stays silent. */
    private DemoScript.@Nullable Answer nextAnswer() {
        return answers.isEmpty() && !script.answers().isEmpty()
                ? new DemoScript.Keys("2")
                : answers.peek();
    }

    private static boolean isQuestion(String part) {
        return part.matches(
                "question.*|repeat-.*|known.*|remember.*|said-yes|menu.*|privacy-menu.*|satisfaction"
                    + "|helped|call-back|call-back-number|call-back-right");
    }

    private long listening(DemoPrompts.Known known) {
        return script.habits().patient() ? known.clip().millis() : asking(known);
    }

    /** Who answers has heard what is asked, of a menu all of it. */
    private static long asking(DemoPrompts.Known known) {
        if (known.part().startsWith(Parts.MENU)) {
            return known.clip().millis();
        }
        return Math.round(FirstQuestion.share(known.text()) * known.clip().millis());
    }

    private void type(DemoCall placed, String words) {
        tell("types", words);
        placed.type(words + LINE_SEPARATOR);
    }

    private void press(DemoCall placed, String keys) {
        if (script.text()) {
            type(placed, keys);
            return;
        }
        tell("presses", keys);
        keys.chars().forEach(key -> placed.press((char) key));
    }

    private void say(DemoCall placed, String words, AudioClip clip) {
        tell("says", words);
        placed.say(clip);
    }

    private void tone(DemoCall placed) {
        if (script.text()) {
            type(placed, GREETING);
            return;
        }
        tell("sends", "a tone of " + (int) TONE_HERTZ + " Hz");
        placed.say(AudioClip.of(Tone.sine(TONE_HERTZ, TONE_MILLIS, TONE_AMPLITUDE)));
    }

    private void hangUp(DemoCall placed) {
        tell("hangs up", "");
        placed.hangUp();
    }

    private void endTalk(DemoCall placed) {
        if (script.habits().outlasts()) {
            press(placed, "#");
        } else {
            hangUp(placed);
        }
    }

    private void in(long millis, Runnable what) {
        todos.add(new Todo(now() + millis, what));
    }

    private long untilTodo() {
        long next =
                todos.stream()
                        .mapToLong(Todo::atMillis)
                        .min()
                        .orElse(now() + TimeUnit.SECONDS.toMillis(1));
        return Math.clamp(next - now(), 0, 1000);
    }

    private void doWhatIsDue() {
        List<Todo> due = todos.stream().filter(todo -> todo.atMillis() <= now()).toList();
        todos.removeAll(due);
        due.forEach(todo -> todo.what().run());
    }

    /** New entries of this call in the ledger, which is read beside the running gateway. */
    private void records(DemoCall placed) {
        try {
            LedgerArchive archive = LedgerArchive.open(world.ledger());
            List<String> hashes = archive.pseudonyms().sipCallId(placed.sipCallId());
            for (Entry entry : archive.reader().ofSipCall(hashes).reversed()) {
                if (told.add(entry.id())) {
                    heard.add("record:" + entry.type().text());
                    tell("record", entry.type().text() + " " + entry.id() + detail(entry));
                }
            }
        } catch (IOException | LedgerUnavailable e) {
            tell("record", "the ledger cannot be read: " + e.getMessage());
        }
    }

    private static String detail(Entry entry) {
        if (entry.payload() == null) {
            return "";
        }
        String level = entry.payload().at("/decision/level").asText("");
        String reason = entry.payload().at("/decision/reason").asText("");
        return (level.isEmpty() ? "" : " level " + level) + (reason.isEmpty() ? "" : " " + reason);
    }

    private boolean asExpected(DemoCall.@Nullable Outcome outcome) {
        List<String> missing =
                script.expected().stream().filter(what -> !heard.contains(what)).toList();
        if (outcome == null || !missing.isEmpty()) {
            tell("NOT AS ASKED", "expected but not met: " + String.join(", ", missing));
            return false;
        }
        return true;
    }

    private DemoPrompts.Known known(String prompt) {
        DemoPrompts.Known known = prompts.get(prompt);
        if (known == null) {
            throw new IllegalStateException("no prompt is called so");
        }
        return known;
    }

    private long now() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    private void tell(String what, String detail) {
        transcript.tell(now(), what, detail);
    }

    private final PromptSpotter.Listener spotted =
            new PromptSpotter.Listener() {
                @Override
                public void begins(String prompt) {
                    events.add(new Begins(prompt));
                }

                @Override
                public void ends(String prompt, boolean whole) {
                    events.add(new Ends(prompt, whole));
                }
            };

    /** On SIP and media threads. */
    private final class CallEvents implements DemoCall.Listener {
        private final PromptSpotter spotter;
        private int toneFrames;
        private final StringBuilder line = new StringBuilder();

        CallEvents(PromptSpotter spotter) {
            this.spotter = spotter;
        }

        @Override
        public void trying() {
            events.add(new Trying());
        }

        @Override
        public void ringing() {
            events.add(new Ringing());
        }

        @Override
        public void answered() {
            events.add(new Answered());
        }

        @Override
        public void hears(PcmFrame frame) {
            spotter.hears(frame);
            toneFrames = Tone.share(frame.samples(), TONE_HERTZ) > ECHO_SHARE ? toneFrames + 1 : 0;
            if (toneFrames == ECHO_FRAMES) {
                events.add(new EchoHeard());
            }
        }

        /** What is shown is known by its words, as what is heard by its samples. */
        @Override
        public void reads(String text) {
            line.append(text);
            for (int end = line.indexOf(LINE_SEPARATOR); end >= 0; ) {
                whole(line.substring(0, end));
                line.delete(0, end + 1);
                end = line.indexOf(LINE_SEPARATOR);
            }
        }

        private void whole(String shown) {
            if (shown.contains(GREETING)) {
                events.add(new EchoHeard());
            }
            prompts.forEach((name, known) -> {
                if (shown.contains(known.text()) && !isPartOfAnother(known.text(), shown)) {
                    spotted.begins(name);
                    spotted.ends(name, true);
                }
            });
        }

        private boolean isPartOfAnother(String text, String shown) {
            return prompts.values().stream()
                    .anyMatch(other ->
                            other.text().length() > text.length()
                                    && other.text().contains(text)
                                    && shown.contains(other.text()));
        }

        @Override
        public void over(DemoCall.Outcome outcome) {
            events.add(new Over(outcome));
        }
    }
}
