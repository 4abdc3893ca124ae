package org.consentgateway.console;

import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;
import org.consentgateway.api.access.AccessRecords;
import org.consentgateway.console.account.ConsoleUser;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Thread-safe. Lets people in and out, however they sign in; each is in the log. */
final class SessionOpening {
    private static final Logger LOG = LoggerFactory.getLogger(SessionOpening.class);

    private final Sessions sessions;
    private final Entrance entrance;
    private final AccessRecords records;

    SessionOpening(Sessions sessions, Entrance entrance, AccessRecords records) {
        this.sessions = sessions;
        this.entrance = entrance;
        this.records = records;
    }

    /**
     * Recorded first: nobody is let in without it. A session that the browser had is over, and the
     * new one has another id.
     *
     * @param action for the log, such as "console sign-in"
     * @return the new one
     */
    Session open(Context context, Identification how, String action)
            throws IOException, LedgerUnavailable {
        record(how.user(), action);
        sessions.of(entrance.session(context)).ifPresent(sessions::end);
        Sessions.Begun begun = sessions.begin(how);
        entrance.giveSession(context, begun.id());
        return begun.session();
    }

    /**
     * @param who account, empty where nobody is known
     */
    void refused(String who, String action, String why) {
        records.refused(who.isEmpty() ? "" : "console " + who, action, why);
    }

    /** What somebody does with their own account. */
    void record(ConsoleUser user, String action) throws LedgerUnavailable {
        records.accessed(Sessions.principal(user), action, user.person(), List.of());
    }

    /** Whether it can be recorded or not: nobody stays in for that. */
    void close(Context context, Session session) {
        sessions.end(session);
        entrance.takeSession(context);
        context.header("Clear-Site-Data", "\"cache\", \"storage\"");
        boolean _ = recordEnd(session.user(), "console sign-out");
    }

    /**
     * All others of the same account, at once, whether it can be recorded or not.
     *
     * @return whether it is
     */
    boolean closeOthers(Session session) {
        sessions.endOthers(session);
        return recordEnd(session.user(), "console sign-out elsewhere");
    }

    /**
     * What opens nothing any more: it stays so where the store takes no record.
     *
     * @return whether it is recorded
     */
    boolean recordEnd(ConsoleUser user, String action) {
        try {
            record(user, action);
            return true;
        } catch (LedgerUnavailable e) {
            LOG.warn("{} is not recorded: {}", action, e.toString());
            return false;
        }
    }
}
