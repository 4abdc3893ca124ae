package org.consentgateway.call;

import java.util.List;
import java.util.UUID;
import org.consentgateway.call.CallStage.CallerGone;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.signal.CallDrained;
import org.consentgateway.call.signal.CallEnded;
import org.consentgateway.call.signal.ConsentWithdrawn;
import org.consentgateway.consent.ConsentStatus;
import org.consentgateway.consent.Decision;
import org.consentgateway.consent.Evidence;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Parts;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.Unclear;
import org.consentgateway.consent.journal.DurableGrant;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.journal.Standing;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's virtual thread. The story of one call: answer, disclose, ask, record, and
 * only then let the assistant listen. Whatever fails, the caller ends up with a human or a goodbye.
 */
public final class ConsentCall {
    /** Who wants yet another language after so many changes has to decide in this one. */
    static final int MAX_LANGUAGE_CHANGES = 4;

    private final CallServices services;
    private final Caller caller;
    private final CallInProgress call;

    public ConsentCall(CallServices services, Line line, Caller caller) {
        this.services = services;
        this.caller = caller;
        this.call = new CallInProgress(services, line, caller);
    }

    /** Tells the whole story; never throws. */
    public CallOutcome run() {
        CallOutcome outcome;
        try {
            outcome = tellAndHeedAWithdrawal();
        } catch (CallerGone e) {
            outcome = gone(e);
        } catch (CallDrained e) {
            outcome = drained();
        } catch (RuntimeException e) {
            outcome = failed(e);
        }
        caller.hangUp(endingOf(outcome));
        call.tell(new CallEvent.Ended(outcome, caller.quality()));
        return outcome;
    }

    private CallOutcome tellAndHeedAWithdrawal() {
        try {
            CallOutcome told = tell();
            heedToTheEnd(told);
            return told;
        } catch (ConsentWithdrawn e) {
            return withdrew(e);
        }
    }

    /**
     * What came up while the end of the story was recorded, which may take seconds, and what was
     * begun before it: no verb comes any more that would tell of a withdrawal, and an assistant
     * that hangs up in the middle of one keeps nobody from it. Who hangs up, and our shutdown,
     * change nothing: it was the whole story.
     */
    private void heedToTheEnd(CallOutcome told) {
        try {
            call.stage(() -> told).hearOut();
        } catch (CallDrained e) {
            heedToTheEnd(told); // what came behind that
        }
    }

    /**
     * At whatever verb that was: what flowed is cut already, now it is recorded. Nobody is told
     * that a consent has ended of which the store says nothing, or where it may have another one.
     */
    private CallOutcome withdrew(ConsentWithdrawn how) {
        boolean unknown = call.inForce().unknown();
        boolean all = call.withdraw(how);
        if (!all || (unknown && call.inForce().lastLevel().isEmpty())) {
            return storeDown();
        }
        return new ToHuman(call)
                .connect(
                        path ->
                                new CallOutcome.Withdrew(
                                        call.trail(), call.inForce().lastLevel(), path),
                        Parts.WITHDRAWN);
    }

    private CallOutcome tell() {
        unanswered().ring();
        call.speakFirstLanguage();
        try {
            return call.line().privacy() ? privacyLine() : consentLine();
        } catch (JournalUnavailable e) {
            return storeDown();
        }
    }

    private CallOutcome consentLine() throws JournalUnavailable {
        @Nullable Standing standing = standing();
        call.known(standing == null ? new ConsentStatus.None() : standing.status());
        answer();
        services.journal().requireTrusted(); // nobody is asked for what cannot be granted
        return standing == null
                ? askFor(new ConsentStatus.None(), null)
                : askFor(standing.status(), standing);
    }

    private void answer() {
        unanswered().answer();
        call.answered();
    }

    /** Until both sides know that the call is answered. */
    private CallStage unanswered() {
        return call.stage(() -> new CallOutcome.NeverAnswered(call.trail()));
    }

    /** Whoever is asked shortly after it refuses as in that question, also before a menu. */
    private Opening opening(ConsentStatus status, boolean mayChangeLanguage) {
        CallStage stage = call.stage(() -> left(Unclear.HANGUP_DURING_OPENING));
        Line.Dialog dialog =
                call.remembered(status) == null
                        ? call.line().questions().dialog()
                        : Line.Dialog.LADDER;
        return new Opening(stage, dialog, mayChangeLanguage);
    }

    /** While it rings. Who cannot be known, or not now, is asked like anybody else. */
    private @Nullable Standing standing() {
        @Nullable Subject subject = call.facts().knownSubject();
        if (subject == null) {
            return null;
        }
        try {
            Standing standing = call.standingNow(subject);
            call.watchFor(standing);
            return standing;
        } catch (JournalUnavailable e) {
            call.inForce().unknown(true);
            return null;
        }
    }

    private CallOutcome honour(Standing standing) throws JournalUnavailable {
        DurableGrant durable =
                call.durably(() ->
                        services.journal()
                                .use(
                                        call.newId(),
                                        call.now(),
                                        call.facts(),
                                        call.noticeRef(),
                                        standing));
        call.decided();
        call.tell(new CallEvent.Used(call.facts(), durable.level().id()));
        return confirmed(durable, CallOutcome.Basis.KNOWN);
    }

    private CallOutcome confirmed(DurableGrant grant, CallOutcome.Basis basis) {
        return new Conversation(call, grant, basis).hold();
    }

    /**
     * @param standing what the store knows of this caller; null where it knows nothing
     */
    private CallOutcome askFor(ConsentStatus status, @Nullable Standing standing)
            throws JournalUnavailable {
        for (int changes = 0; ; changes++) {
            boolean mayChangeLanguage = changes < MAX_LANGUAGE_CHANGES;
            switch (opening(status, mayChangeLanguage).speak(openingFor(status))) {
                case Opening.Outcome.HeardWhole() -> {
                    if (standing != null
                            && status instanceof ConsentStatus.Valid valid
                            && isUsedUnasked(valid.level())) {
                        return used(standing, valid.grant());
                    }
                    switch (asking(standing, mayChangeLanguage).ask()) {
                        case Asking.Asked.OtherLanguage() -> call.speakNextLanguage();
                        case Asking.Asked.Decided decided -> {
                            return decided(decided, status, standing);
                        }
                    }
                }
                case Opening.Outcome.NotHeard() -> {
                    call.tell(new CallEvent.OpeningUnheard(call.facts()));
                    return notHeard(List.of());
                }
                case Opening.Outcome.OtherLanguage() -> call.speakNextLanguage();
                case Opening.Outcome.Declined(Asking.Asked.Decided no) -> {
                    return decided(no, status, standing);
                }
            }
        }
    }

    /** Only where the line says so, and where nothing is kept of what the caller says. */
    private boolean isUsedUnasked(Level remembered) {
        return call.line().questions().remember() == Line.Remember.BASIS
                && remembered.purposes().stream().allMatch(Purpose::storesNothing);
    }

    private CallOutcome used(Standing standing, UUID grant) throws JournalUnavailable {
        Standing still = call.standingNow(standing.subject());
        return still.holds(grant) ? honour(still) : askFor(still.status(), still);
    }

    /** Why we ask again is said before the question. */
    private List<String> openingFor(ConsentStatus status) {
        boolean isShort = call.remembered(status) != null;
        String opening = isShort ? Parts.OPENING_KNOWN : Parts.OPENING;
        return switch (status) {
            case ConsentStatus.None _,
                    ConsentStatus.Valid _,
                    ConsentStatus.PurposeAdded _,
                    ConsentStatus.Shared _,
                    ConsentStatus.Withdrawn _ ->
                    List.of(opening);
            case ConsentStatus.RenewalDue _ ->
                    isShort ? List.of(opening, Parts.WHY_RENEWAL) : List.of(opening);
            case ConsentStatus.Expired _ -> List.of(opening, Parts.WHY_EXPIRED);
            case ConsentStatus.TextChanged _ -> List.of(opening, Parts.WHAT_CHANGED);
        };
    }

    private Asking asking(@Nullable Standing standing, boolean mayChangeLanguage) {
        call.asked();
        CallStage stage = call.stage(() -> left(Unclear.HANGUP_DURING_QUESTION));
        return new Asking(stage, call.line().questions().dialog(), standing, mayChangeLanguage);
    }

    private CallOutcome decided(
            Asking.Asked.Decided asked, ConsentStatus status, @Nullable Standing standing)
            throws JournalUnavailable {
        return switch (asked.decision()) {
            case Decision.Given(Level level) -> {
                if (standing != null && call.remembered(status) != null) {
                    yield agreedAgain(level, asked, status, standing);
                }
                yield confirmed(
                        new DecisionRecorder(call).give(level, asked, status),
                        DecisionRecorder.renews(status, level, asked)
                                ? CallOutcome.Basis.RENEWED
                                : CallOutcome.Basis.GIVEN);
            }
            case Decision.Refused() -> {
                new DecisionRecorder(call).refuse(asked, standing);
                yield ToHuman.afterRefusal(call)
                        .connect(
                                path -> new CallOutcome.Refused(call.trail(), path), Parts.REFUSED);
            }
            case Decision.Unanswered(Unclear reason) -> {
                new DecisionRecorder(call).leaveUnanswered(reason, asked);
                yield standing != null
                                && status instanceof ConsentStatus.RenewalDue due
                                && isUsedUnasked(due.level())
                                && silent(asked)
                        ? stillInForce(standing, due.grant(), reason)
                        : withoutAnswer(reason);
            }
        };
    }

    /** Looked up again just before: it may have been withdrawn while we spoke. */
    private CallOutcome agreedAgain(
            Level level, Asking.Asked.Decided asked, ConsentStatus status, Standing standing)
            throws JournalUnavailable {
        Standing still = call.standingNow(standing.subject());
        @Nullable UUID grant = DecisionRecorder.grantOf(status);
        if (grant == null || !still.holds(grant)) {
            return askFor(still.status(), still);
        }
        var recorder = new DecisionRecorder(call);
        return asked.forLaterCalls()
                ? confirmed(recorder.give(level, asked, status), CallOutcome.Basis.RENEWED)
                : confirmed(recorder.reaffirm(level, asked, still), CallOutcome.Basis.REAFFIRMED);
    }

    /** Whoever pressed or said anything is not silent, whatever it was. */
    private static boolean silent(Asking.Asked.Decided asked) {
        return asked.evidence().stream().allMatch(one -> one.result() == Evidence.Result.NO_INPUT);
    }

    /** Where nobody has to be asked, silence to a renewal leaves the consent as it is. */
    private CallOutcome stillInForce(Standing standing, UUID grant, Unclear reason)
            throws JournalUnavailable {
        Standing still = call.standingNow(standing.subject());
        return still.holds(grant) ? honour(still) : withoutAnswer(reason);
    }

    private CallOutcome notHeard(List<Evidence> evidence) {
        call.unansweredUnlessDecided(Unclear.PROMPT_INCOMPLETE, evidence);
        return withoutAnswer(Unclear.PROMPT_INCOMPLETE);
    }

    private CallOutcome withoutAnswer(Unclear reason) {
        return new ToHuman(call).connect(path -> unanswered(reason, path), Parts.UNANSWERED);
    }

    private CallOutcome left(Unclear hungUp) {
        CallOutcome.Trail trail = call.trail();
        CallEnded.How how = trail.hungUp();
        Unclear why = how == null ? hungUp : CallEnded.why(how, hungUp);
        return new CallOutcome.Unanswered(trail, why, CallOutcome.Path.HUNG_UP);
    }

    private CallOutcome unanswered(Unclear reason, CallOutcome.Path path) {
        return new CallOutcome.Unanswered(call.trail(), reason, path);
    }

    private CallOutcome privacyLine() throws JournalUnavailable {
        call.decided();
        answer();
        return new PrivacyDialog(call).hold();
    }

    /** No consent is built on a record that is not on disk. */
    private CallOutcome storeDown() {
        call.unansweredUnlessDecided(Unclear.ERROR, List.of());
        return new ToHuman(call)
                .connect(path -> new CallOutcome.StoreDown(call.trail(), path), Parts.APOLOGY);
    }

    private CallOutcome gone(CallerGone gone) {
        Unclear why = CallEnded.why(gone.how(), Unclear.HANGUP_DURING_OPENING);
        call.unansweredUnlessDecided(why, List.of());
        CallOutcome outcome = call.gone(gone);
        return gone.how() == CallEnded.How.PASSED_ON ? passedOn(outcome) : outcome;
    }

    /**
     * Whoever is there now was asked nothing, so no assistant hears them: they are brought to a
     * person. The story that is told is that of who called, and that is over.
     */
    private CallOutcome passedOn(CallOutcome outcome) {
        call.passedOn();
        try {
            return new ToHuman(call).connect(_ -> outcome);
        } catch (RuntimeException e) {
            return outcome;
        }
    }

    private CallOutcome drained() {
        call.unansweredUnlessDecided(Unclear.ERROR, List.of());
        try {
            call.stage(() -> new CallOutcome.Drained(call.trail())).say(Parts.GOODBYE);
        } catch (ConsentWithdrawn e) {
            boolean _ = call.withdraw(e);
        } catch (RuntimeException e) {
            return new CallOutcome.Drained(call.trail());
        }
        return new CallOutcome.Drained(call.trail());
    }

    /** A mistake of ours ends the story, not the caller's wish to be helped. */
    private CallOutcome failed(RuntimeException mistake) {
        String error = mistake.getClass().getName();
        try {
            call.unansweredUnlessDecided(Unclear.ERROR, List.of());
            return new ToHuman(call)
                    .connect(_ -> new CallOutcome.Failed(call.trail(), error), Parts.APOLOGY);
        } catch (ConsentWithdrawn e) {
            boolean _ = call.withdraw(e);
            return new CallOutcome.Failed(call.trail(), error);
        } catch (RuntimeException again) {
            return new CallOutcome.Failed(call.trail(), error);
        }
    }

    private static Ending endingOf(CallOutcome outcome) {
        if (outcome.trail().hungUp() == CallEnded.How.MEDIA_LOST) {
            return Ending.FAILURE;
        }
        return switch (outcome) {
            case CallOutcome.Failed _ -> Ending.FAILURE;
            case CallOutcome.Drained _ -> Ending.DRAINED;
            case CallOutcome.Assisted _,
                    CallOutcome.Withdrew _,
                    CallOutcome.Refused _,
                    CallOutcome.Unanswered _,
                    CallOutcome.AssistantUnreachable _,
                    CallOutcome.StoreDown _,
                    CallOutcome.LeftBeforeAssistant _,
                    CallOutcome.NeverAnswered _,
                    CallOutcome.PrivacyServed _ ->
                    Ending.NORMAL;
        };
    }
}
