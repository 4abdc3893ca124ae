package org.consentgateway.call;

import org.consentgateway.call.spoken.Wordings;
import org.consentgateway.consent.Notices;
import org.consentgateway.consent.journal.ConsentJournal;
import org.consentgateway.consent.request.LinkSender;
import org.consentgateway.consent.request.RequestDesk;
import org.consentgateway.consent.request.TaskDesk;

/**
 * Thread-safe. What every call needs of the process.
 *
 * @param wordings choose the variant of a notice
 */
public record CallServices(
        ConsentJournal journal,
        RequestDesk requests,
        TaskDesk tasks,
        LinkSender links,
        Notices notices,
        Targets targets,
        CallListener listener,
        CallTime time,
        Wordings wordings) {}
