package org.consentgateway.call;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.far.FarEnd;
import org.consentgateway.call.far.PurposeNews;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.journal.DurableGrant;
import org.consentgateway.consent.request.SubjectRequest;
import org.consentgateway.consent.request.Task;
import org.jspecify.annotations.Nullable;

/** Confined to a test. Everything that happened in a call, in order. */
final class Tape {
    private final List<Happening> happenings = new ArrayList<>();
    private final List<Chosen> script = new ArrayList<>();

    /**
     * What was chosen at a wait.
     *
     * @param after how much had happened before
     */
    private record Chosen(int after, Enum<?> event) {}

    /**
     * A question, and what was done at it.
     *
     * @param at where it stands
     * @param part that asked, the last of its parts
     * @param answer null where it was not waited for
     * @param rest what was done while that rested; null where it did not rest
     */
    record Put(int at, String part, @Nullable Enum<?> answer, @Nullable Enum<?> rest) {}

    /** What can happen. */
    sealed interface Happening {
        record Rang() implements Happening {}

        /** And acknowledged. */
        record Answered() implements Happening {}

        record Spoken(String language, List<String> parts, boolean heard) implements Happening {}

        record Asked(String language, List<String> parts) implements Happening {}

        /** A spoken yes begins to rest, and this is spoken meanwhile. */
        record Rests(List<String> parts) implements Happening {}

        record Committed(ConsentRecord record) implements Happening {}

        record AppendFailed(ConsentRecord record) implements Happening {}

        /** A request of the caller became durable. */
        record Requested(SubjectRequest.Opened request) implements Happening {}

        /** Something for a person to do became durable. */
        record TaskLeft(Task.Opened task) implements Happening {}

        record Kept(ConsentRecord record) implements Happening {}

        record Dialled(String target) implements Happening {}

        record Cancelled(String target) implements Happening {}

        record Connected(String target) implements Happening {}

        record HungUp(String target) implements Happening {}

        /** An assistant that has handed over was told whether the human was reached. */
        record Told(boolean reached) implements Happening {}

        /** The gate was opened with the grant of this record, for these purposes. */
        record GateOpened(UUID grant, Collection<Purpose> purposes) implements Happening {}

        /**
         * From here on somebody hears the caller.
         *
         * @param who target it was dialled as, or {@link Tape#STRANGER}
         * @param whom id of the caller's call
         * @param grantOf id of the call in which the consent was proved; null if none was asked for
         */
        record Hears(String who, UUID whom, @Nullable UUID grantOf) implements Happening {}

        record AudioToAssistant(long atNanos) implements Happening {}

        /** The caller presses the keys of a withdrawal, or says its words. */
        record TriesToWithdraw() implements Happening {}

        /** That was seen. */
        record Withdrew(Instant cutAt) implements Happening {}

        /** This call was told that its consent has ended in another one. */
        record ConsentEnded() implements Happening {}

        /** The assistant was told what became of one purpose. */
        record ToldOfPurpose(PurposeNews news) implements Happening {}

        /** The assistant was told how the consent has ended. */
        record ToldOfEnd(EndOfConsent.How how) implements Happening {}

        record TalkedToHuman() implements Happening {}

        record CallerLeft() implements Happening {}

        record Drained() implements Happening {}

        record CallerHungUp(Ending why) implements Happening {}

        record Abandoned(org.consentgateway.consent.Unclear stage) implements Happening {}

        record Satisfied(int score) implements Happening {}

        record Helped(boolean helped) implements Happening {}

        record Ended(CallOutcome outcome) implements Happening {}
    }

    /** Who hears a caller and was never dialled. */
    static final String STRANGER = "stranger";

    private final Map<FarEnd, String> answered = new HashMap<>();

    /**
     * What was asked for since the last addition, by its type: some sixty laws ask for the same.
     */
    private final Map<Class<?>, List<?>> asked = new HashMap<>();

    /** A target has answered; it is known again by identity, whatever it is passed on as. */
    void answered(FarEnd end, String target) {
        answered.put(end, target);
        add(new Happening.Connected(target));
    }

    /** Somebody hears this caller from now on. */
    void hears(FarEnd end, UUID whom, @Nullable DurableGrant grant) {
        String who = answered.getOrDefault(end, STRANGER);
        add(new Happening.Hears(who, whom, grant == null ? null : grant.call()));
    }

    void add(Happening happening) {
        happenings.add(happening);
        asked.clear();
    }

    void chose(Enum<?> event) {
        script.add(new Chosen(happenings.size(), event));
    }

    List<Happening> all() {
        return all(Happening.class);
    }

    /** What was chosen at each wait. */
    List<Enum<?>> script() {
        return script.stream().<Enum<?>>map(Chosen::event).toList();
    }

    /** The questions, in order. */
    List<Put> questions() {
        var put = new ArrayList<Put>();
        for (int i = 0; i < happenings.size(); i++) {
            if (happenings.get(i) instanceof Happening.Asked(_, List<String> parts)) {
                put.add(put(i, parts.getLast()));
            }
        }
        return put;
    }

    private Put put(int at, String part) {
        for (int i = 0; i < script.size(); i++) {
            if (script.get(i).after() == at + 1) {
                Enum<?> next = i + 1 < script.size() ? script.get(i + 1).event() : null;
                return new Put(
                        at,
                        part,
                        script.get(i).event(),
                        next instanceof ScriptedCaller.Resting ? next : null);
            }
        }
        return new Put(at, part, null, null);
    }

    @SuppressWarnings("unchecked") // each key has a list of its own type
    <H extends Happening> List<H> all(Class<H> type) {
        return (List<H>)
                asked.computeIfAbsent(
                        type,
                        _ -> happenings.stream().filter(type::isInstance).map(type::cast).toList());
    }

    boolean has(Class<? extends Happening> type) {
        return first(type) < happenings.size();
    }

    /** Where the first of this kind stands, or the end of the tape. */
    int first(Class<? extends Happening> type) {
        for (int i = 0; i < happenings.size(); i++) {
            if (type.isInstance(happenings.get(i))) {
                return i;
            }
        }
        return happenings.size();
    }

    /** Parts that were spoken or asked, in order. */
    List<String> parts() {
        return happenings.stream()
                .flatMap(h ->
                        switch (h) {
                            case Happening.Spoken spoken -> spoken.parts().stream();
                            case Happening.Asked asked -> asked.parts().stream();
                            default -> Stream.of();
                        })
                .toList();
    }

    List<ConsentRecord> committed() {
        return all(Happening.Committed.class).stream().map(Happening.Committed::record).toList();
    }

    List<ConsentRecord> kept() {
        return all(Happening.Kept.class).stream().map(Happening.Kept::record).toList();
    }

    /** In the store or waiting for it. */
    List<ConsentRecord> written() {
        return Stream.concat(committed().stream(), kept().stream()).toList();
    }

    CallOutcome outcome() {
        return all(Happening.Ended.class).getFirst().outcome();
    }

    @Override
    public String toString() {
        var text = new StringBuilder("script " + script() + "\n");
        happenings.forEach(h -> text.append("  ").append(h).append('\n'));
        return text.toString();
    }
}
