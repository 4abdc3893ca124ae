package org.consentgateway.callback;

import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.request.CallBackResult;
import org.consentgateway.consent.request.SubjectRequest.CallBackDue;

/** Thread-safe. Calls a number and asks whether it was its holder who asked. */
public interface NumberCaller {

    /** Writes what came of it, before who was called hears of it. */
    interface Writing {
        /**
         * @return what is written, now or before
         */
        CallBackResult write(CallBackResult result) throws JournalUnavailable;
    }

    /** Returns when the call is over. */
    void call(CallBackDue due, CallBackTerms.Way way, Writing writing) throws JournalUnavailable;
}
