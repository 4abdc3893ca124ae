package org.consentgateway.call;

import java.util.random.RandomGenerator;
import org.consentgateway.consent.Notices;
import org.consentgateway.consent.journal.ConsentJournal;
import org.consentgateway.consent.request.LinkSender;
import org.consentgateway.consent.request.RequestDesk;
import org.consentgateway.consent.request.TaskDesk;

/**
 * Thread-safe. What every call needs of the process.
 *
 * @param random chooses the variant of a notice
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
        RandomGenerator random) {}
