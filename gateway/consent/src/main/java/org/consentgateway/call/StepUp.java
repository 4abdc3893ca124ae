package org.consentgateway.call;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.call.answer.KeyMeanings;
import org.consentgateway.call.answer.Meaning;
import org.consentgateway.call.far.AssistantEnd;
import org.consentgateway.call.far.BridgeEnd;
import org.consentgateway.call.far.PurposeNews;
import org.consentgateway.call.spoken.Reminder;
import org.consentgateway.call.spoken.Wording;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.ConsentRecord.PurposeDecided.Outcome;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Evidence;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.journal.Durability;
import org.consentgateway.consent.journal.DurableGrant;
import org.consentgateway.consent.journal.GrantsInUse;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.jspecify.annotations.Nullable;

/**
 * One purpose more or less in the middle of a talk. Confined to the call's virtual thread. The talk
 * has pauses: the assistant asks for one more purpose, or the caller ends one. Each time the gate
 * closes, the gateway speaks in its own voice, and the gate opens with what holds then.
 *
 * <pre>
 *   assistant            gateway                                   caller
 *    │ asks for P ─────────► │ the gate closes
 *    │ ◄──────────── AskedNow P│ question.P ─────────────────────────► │
 *    │                        │ ◄──────────────────────────── yes, no │
 *    │                        │ recorded (a yes: durable first)
 *    │ ◄─ Granted P, Declined │ the gate opens with what holds now
 * </pre>
 */
final class StepUp implements AutoCloseable {
    /** Questions of an assistant in one call: more would be urging. */
    static final int MOST_QUESTIONS = 2;

    /** Whoever did not answer is asked once more: the assistant waits. */
    private static final int REPEATS = 1;

    private static final Set<Meaning> ANSWERS =
            EnumSet.of(Meaning.AGREE, Meaning.REFUSE, Meaning.HUMAN, Meaning.WITHDRAW);

    private final CallInProgress call;
    private final CallStage talking;
    private final AssistantEnd assistant;
    private final String name;
    private final @Nullable Reminder reminder;
    private final List<GrantsInUse.Use> uses = new ArrayList<>();
    private final Set<Purpose> refused;

    /** In the order in which they were agreed to; those of an earlier call come before all. */
    private final SequencedSet<Purpose> agreed;

    private final List<Evidence> evidence;
    private DurableGrant grant;

    /** Under which the talk goes on, the newest last: what is remembered is not replaced. */
    private final List<DurableGrant> grants = new ArrayList<>();

    private int questions;

    /**
     * @param name of the assistant
     * @param reminder said again in a long talk; null where nothing is
     */
    StepUp(
            CallInProgress call,
            CallStage talking,
            AssistantEnd assistant,
            String name,
            DurableGrant grant,
            @Nullable Reminder reminder) {
        this.call = call;
        this.talking = talking;
        this.assistant = assistant;
        this.name = name;
        this.grant = grant;
        this.grants.add(grant);
        this.reminder = reminder;
        this.evidence = new ArrayList<>(call.evidence());
        this.refused = new HashSet<>();
        this.agreed = new LinkedHashSet<>(grant.purposes());
        for (Evidence each : evidence) {
            if (each.result() == Evidence.Result.DECLINED && !each.about().isEmpty()) {
                refused.add(new Purpose(each.about()));
            } else if (each.result() == Evidence.Result.AGREED) {
                agreed.stream()
                        .filter(purpose -> purpose.id().equals(each.about()))
                        .findFirst()
                        .ifPresent(agreed::addLast);
            }
        }
    }

    /** What holds now. */
    DurableGrant grant() {
        return grant;
    }

    /** All under which the talk goes on, the newest last. */
    List<DurableGrant> grants() {
        return grants;
    }

    /**
     * @throws JournalUnavailable where the caller has agreed to more, and that cannot be recorded;
     *     or has ended a purpose, and the record of that is on no disk
     */
    BridgeEnd untilItEnds() throws JournalUnavailable {
        while (true) {
            BridgeEnd end = talking.converse(assistant, grant, reminder);
            if (!(end instanceof BridgeEnd.Pause pause)) {
                return end;
            }
            switch (pause) {
                case BridgeEnd.Asked(Purpose purpose) -> {
                    if (asked(purpose) == Meaning.HUMAN) {
                        return humanWanted();
                    }
                }
                case BridgeEnd.LessWanted(Method method, boolean last) -> less(method, last);
            }
        }
    }

    /** Whose consent has ended outside the call meanwhile gets to a person as well. */
    private BridgeEnd humanWanted() {
        EndOfConsent.@Nullable How how = call.endOfConsent();
        return how == null ? new BridgeEnd.HumanWanted() : new BridgeEnd.EndedElsewhere(how);
    }

    // ------------------------------------------------------------------ one more

    /**
     * @return what the caller has answered; null without an answer, and where nothing was asked
     */
    private @Nullable Meaning asked(Purpose purpose) throws JournalUnavailable {
        PurposeNews.@Nullable Why why = notToBeAsked(purpose);
        if (why != null) {
            assistant.told(new PurposeNews.Declined(purpose, why));
            return null;
        }
        if (assistant.over()) {
            return null;
        }
        questions++;
        assistant.told(new PurposeNews.AskedNow(purpose));
        var question = new Question(talking, REPEATS).askedAgainIf(() -> !assistant.over());
        Question.Outcome outcome =
                question.put(Wording.of(purpose), KeyMeanings.ofYesOrNo(false), ANSWERS);
        evidence.addAll(question.evidence());
        return switch (outcome) {
            case Question.Outcome.Meant(Meaning meaning) when meaning == Meaning.AGREE -> {
                agreed(purpose);
                yield meaning;
            }
            case Question.Outcome.Meant(Meaning meaning) -> {
                refused.add(purpose);
                declined(purpose, Outcome.REFUSED, PurposeNews.Why.REFUSED, question);
                yield meaning;
            }
            case Question.Outcome.Missing _ -> {
                declined(purpose, Outcome.UNANSWERED, PurposeNews.Why.UNANSWERED, question);
                yield null;
            }
        };
    }

    private PurposeNews.@Nullable Why notToBeAsked(Purpose purpose) {
        if (grant.purposes().contains(purpose)) {
            return PurposeNews.Why.GRANTED_BEFORE;
        }
        if (!call.line().purposes().contains(purpose)
                || !Wording.of(purpose).firstParts().allMatch(call::hasWords)) {
            return PurposeNews.Why.NOT_OFFERED;
        }
        if (refused.contains(purpose)) {
            return PurposeNews.Why.REFUSED_BEFORE;
        }
        return questions == MOST_QUESTIONS ? PurposeNews.Why.ASKED_OFTEN_ENOUGH : null;
    }

    private void agreed(Purpose purpose) throws JournalUnavailable {
        if (isOver()) {
            return; // while it was asked: nothing is added to what is over
        }
        var all = new LinkedHashSet<>(grant.purposes());
        all.add(purpose);
        Level level = Level.granted(call.line().levels(), all);
        // What holds for this call only replaces nothing that is stored.
        @Nullable UUID before = grant.until() == null ? grant.record() : null;
        var given =
                new ConsentRecord.Given(
                        call.newId(),
                        call.now(),
                        call.facts(),
                        call.noticeRef(),
                        call.rules().grant(level, call.now(), false, evidence),
                        before);
        grant = call.durably(() -> call.journal().give(given));
        if (before != null) {
            call.inForce().remove(before);
            grants.removeLast();
        }
        grants.add(grant);
        agreed.addLast(purpose);
        call.inForce().add(grant.record(), call.notice().id(), level);
        uses.add(call.journal().inUse().begin(grant, call::consentEnded));
        tell(purpose, CallEvent.PurposeState.GRANTED);
        if (isOver()) {
            // While it was recorded: the gate stays shut, and the assistant hears of the end.
            return;
        }
        talking.say(call.confirmation(level));
        if (isOver()) {
            return; // while it was confirmed: nobody gets a token of it
        }
        assistant.told(new PurposeNews.Granted(purpose, grant));
        call.note(
                new ConsentRecord.AssistantOpened(
                        call.newId(), call.now(), call.facts(), grant.record(), name));
    }

    /** Nobody is there any more for whom the consent could be added to, or none to add to. */
    private boolean isOver() {
        return assistant.over() || call.endOfConsent() != null;
    }

    private void declined(
            Purpose purpose, Outcome outcome, PurposeNews.Why why, Question question) {
        call.note(
                decided(grant.record(), purpose, outcome, question.method(), question.evidence()));
        tell(
                purpose,
                outcome == Outcome.REFUSED
                        ? CallEvent.PurposeState.REFUSED
                        : CallEvent.PurposeState.UNANSWERED);
        assistant.told(new PurposeNews.Declined(purpose, why));
    }

    private void tell(Purpose purpose, CallEvent.PurposeState state) {
        call.tell(new CallEvent.PurposeDecided(call.facts(), purpose, state));
    }

    private ConsentRecord.PurposeDecided decided(
            UUID consent, Purpose purpose, Outcome outcome, Method method, List<Evidence> shown) {
        return new ConsentRecord.PurposeDecided(
                call.newId(),
                call.now(),
                call.facts(),
                consent,
                purpose,
                outcome,
                method,
                List.copyOf(shown));
    }

    // ------------------------------------------------------------------ one less

    /**
     * What holds then is said in any case: whoever asks for less is answered.
     *
     * @throws JournalUnavailable where the end counts here, and would be forgotten with this
     *     process: a person has to know
     */
    private void less(Method method, boolean last) throws JournalUnavailable {
        List<Purpose> held = besidesTheTalk();
        List<Purpose> unwanted =
                last
                        ? held.subList(Math.max(0, held.size() - 1), held.size())
                        : held.stream().filter(Purpose::keepsTheTalk).toList();
        boolean durable = true;
        for (Purpose each : unwanted.reversed()) {
            durable &= ended(each, method).durable();
        }
        if (!durable) {
            throw new JournalUnavailable("the end of a purpose is on no disk", false);
        }
        talking.say(call.confirmation(grant.level()));
    }

    /**
     * What holds now but for the first purpose, which is the talk; what was agreed to last, last.
     */
    private List<Purpose> besidesTheTalk() {
        Purpose talk = grant.purposes().getFirst();
        return agreed.stream()
                .filter(grant.purposes()::contains)
                .filter(each -> !each.equals(talk))
                .toList();
    }

    /**
     * Processing stops first: it is told before it is recorded. It ends in each consent that the
     * talk goes on under: what is remembered would bring it back.
     *
     * @return where the records of that are
     */
    private Durability ended(Purpose purpose, Method method) {
        var left = new LinkedHashSet<>(grant.purposes());
        left.remove(purpose);
        refused.add(purpose);
        ConsentRecord[] ends =
                grants.stream()
                        .filter(each -> each.purposes().contains(purpose))
                        .map(each ->
                                decided(each.record(), purpose, Outcome.ENDED, method, List.of()))
                        .toArray(ConsentRecord[]::new);
        grant = call.journal().less(grant, Level.granted(call.line().levels(), left));
        tell(purpose, CallEvent.PurposeState.ENDED);
        assistant.told(new PurposeNews.Ended(purpose, grant));
        Durability where = call.note(ends);
        return where;
    }

    @Override
    public void close() {
        uses.forEach(GrantsInUse.Use::close);
    }
}
