package org.consentgateway.call;

import java.time.Instant;
import java.util.List;
import org.consentgateway.call.answer.Announced;
import org.consentgateway.call.answer.Expecting;
import org.consentgateway.call.answer.Meaning;
import org.consentgateway.call.answer.Reply;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Parts;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's virtual thread. The second layer of a notice (Art. 13 DSGVO): spoken where
 * the caller asks for it, and recorded. The story then goes on where it was.
 */
final class Information {
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
        Announced announced = stage.announce(null, List.of(Parts.INFORMATION), expecting);
        call.note(
                new ConsentRecord.Served(
                        call.newId(),
                        call.now(),
                        call.facts(),
                        call.noticeRef(),
                        Parts.INFORMATION,
                        Opening.playing(started, announced.said())));
        Reply.Meant meant = announced.meant();
        return meant == null || meant.meaning() == Meaning.INFORMATION ? null : meant;
    }
}
