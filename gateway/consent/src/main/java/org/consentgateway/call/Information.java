package org.consentgateway.call;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.consentgateway.call.answer.Announced;
import org.consentgateway.call.answer.AnswerTiming;
import org.consentgateway.call.answer.Expecting;
import org.consentgateway.call.answer.Meaning;
import org.consentgateway.call.answer.Reply;
import org.consentgateway.call.answer.Said;
import org.consentgateway.call.spoken.Utterance;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Parts;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.request.LinkSender;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's virtual thread. The second layer of a notice (Art. 13 DSGVO): spoken where
 * the caller asks for it, and recorded. The story then goes on where it was.
 */
final class Information {
    /** Whoever wants it presses at once. */
    private static final AnswerTiming SHORT =
            AnswerTiming.DEFAULT.withFirstInput(Duration.ofSeconds(2));

    private final CallStage stage;
    private final CallInProgress call;

    Information(CallStage stage) {
        this.stage = stage;
        this.call = stage.call();
    }

    /**
     * Speaks it; who asks for it again meanwhile has heard enough.
     *
     * @param expecting as before a question
     * @return what ended it and has to be heeded; null where the story goes on
     */
    Reply.@Nullable Meant speak(Expecting expecting) {
        if (!call.notice().texts().containsKey(Parts.INFORMATION)) {
            return null;
        }
        Instant started = call.now();
        Announced announced = stage.announce(List.of(), List.of(Parts.INFORMATION), expecting);
        call.note(
                new ConsentRecord.Served(
                        call.newId(),
                        call.now(),
                        call.facts(),
                        call.noticeRef(),
                        Parts.INFORMATION,
                        Opening.playing(started, announced.said())));
        Reply.Meant meant = announced.meant();
        if (meant == null) {
            meant = offerLink(expecting);
        }
        return meant == null || meant.meaning() == Meaning.INFORMATION ? null : meant;
    }

    /**
     * By a key that means nothing in a question, so that nobody agrees to something else with it.
     * Only at the number shown: nobody may have messages sent to others.
     */
    private Reply.@Nullable Meant offerLink(Expecting expecting) {
        @Nullable PhoneNumber number = stage.number();
        LinkSender links = call.services().links();
        if (number == null
                || !number.isE164()
                || !links.canSend(call.notice())
                || !call.hasWords(Parts.INFORMATION_LINK)
                || !call.mayOfferLink()) {
            return null;
        }
        Utterance offer = Utterance.of(call.notice(), Parts.INFORMATION_LINK);
        Expecting heard = call.hears() ? expecting : expecting.keysOnly();
        Reply reply = stage.ask(offer, heard.and('5', Meaning.FIVE), SHORT);
        if (!(reply instanceof Reply.Meant meant)
                || meant.meaning() == Meaning.AGREE
                || meant.meaning() == Meaning.HEDGED) {
            return null;
        }
        if (meant.meaning() != Meaning.FIVE) {
            return meant;
        }
        boolean taken = links.send(number, call.notice());
        call.tell(new CallEvent.LinkAsked(call.facts(), call.noticeRef(), taken));
        if (taken) {
            Said _ = stage.say(Parts.INFORMATION_SENT);
        }
        return null;
    }
}
