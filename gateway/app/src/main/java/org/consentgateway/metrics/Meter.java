package org.consentgateway.metrics;

import java.util.Arrays;
import java.util.List;

/**
 * Every meter: its name, which Prometheus sees with underscores, its unit and {@code _total} for
 * counters; its tags; what it says. None holds anything personal.
 */
public enum Meter {
    BUILD_INFO("consent.build.info", "1; which version runs is in its label", Tag.VERSION),
    CALLS_ACTIVE("consent.calls.active", "Calls under way"),
    CALLS_LIMIT("consent.calls.limit", "Calls that may be under way at once"),
    CALLS("consent.calls", "Calls that ended, by how", Tag.LINE, Tag.OUTCOME),
    CALL_DURATION("consent.call.duration", "From the INVITE to the end of the call"),
    REJECTED("consent.calls.rejected", "Calls not taken, by why", Tag.REASON),
    SIP_DIALOGS("consent.sip.dialogs", "SIP dialogs there are, of all legs"),
    SIP_TRANSACTIONS(
            "consent.sip.transactions",
            "SIP transactions kept; finished ones stay for half a minute"),
    SIP_DROPPED("consent.sip.dropped", "SIP messages that got no answer, by why", Tag.REASON),
    SIP_CAPTURED(
            "consent.sip.captured",
            "Masked copies of SIP messages for a collector (sip.hep): sent, dropped since the queue"
                    + " was full, or failed",
            Tag.RESULT),

    TRUNK_ANSWERS(
            "consent.trunk.answers",
            "Calls by their final SIP status: received from a trunk, or sent to it",
            Tag.TRUNK,
            Tag.DIRECTION,
            Tag.STATUS),
    TRUNK_REJECTED(
            "consent.trunk.rejected", "Calls of a trunk not taken, by why", Tag.TRUNK, Tag.REASON),
    TRUNK_REGISTERED(
            "consent.trunk.registered",
            "1 where the registration stands, else 0; NaN where another node keeps it",
            Tag.TRUNK),
    TRUNK_UP(
            "consent.trunk.up",
            "1 where a trunk answers OPTIONS, 0 where it no longer does, NaN where nobody asked or"
                    + " it never did",
            Tag.TRUNK),
    TARGET_UP(
            "consent.target.up",
            "1 where an assistant or a human answers OPTIONS, 0 where not, NaN where nobody asked",
            Tag.KIND,
            Tag.TARGET),
    TRUNK_MOS(
            "consent.trunk.mos",
            "Estimated mean opinion score of a call (E-model): received, as we hear it; sent, as"
                    + " its RTCP says it is heard, and absent where the peer sends no RTCP",
            Tag.TRUNK,
            Tag.DIRECTION),
    TRUNK_RTP("consent.trunk.rtp.packets", "RTP packets of ended calls", Tag.TRUNK, Tag.DIRECTION),
    TRUNK_RTP_LOST(
            "consent.trunk.rtp.packets.lost",
            "RTP packets that never came: ours by its RTCP",
            Tag.TRUNK,
            Tag.DIRECTION),
    TRUNK_CALLS("consent.trunk.call.duration", "Calls of a trunk that ended", Tag.TRUNK),

    DISCLOSURES(
            "consent.disclosures.served",
            "Callers who heard the disclosure, wholly or not; known ones have a remembered consent",
            Tag.LINE,
            Tag.LANGUAGE,
            Tag.VARIANT,
            Tag.CALLER,
            Tag.COMPLETE),
    OPENINGS_UNHEARD(
            "consent.openings.unheard",
            "Callers who stayed and to whom the opening was not played wholly, nor a second time",
            Tag.LINE),
    QUESTIONS(
            "consent.questions.served",
            "Callers who were asked, or answered before they could be: consent_decisions_total"
                    + " counts some of them",
            Tag.LINE,
            Tag.LANGUAGE,
            Tag.VARIANT,
            Tag.CALLER),
    DECISIONS(
            "consent.decisions",
            "Decisions, by state; unanswered ones with their reason",
            Tag.LINE,
            Tag.LANGUAGE,
            Tag.VARIANT,
            Tag.CALLER,
            Tag.LEVEL,
            Tag.STATE,
            Tag.METHOD,
            Tag.REASON),
    DECISION_TIME(
            "consent.decision.time", "From the start of the first question", Tag.STATE, Tag.METHOD),
    REAFFIRMED(
            "consent.reaffirmations",
            "Consents of earlier calls that were agreed to again",
            Tag.LINE,
            Tag.LEVEL,
            Tag.METHOD),
    USED("consent.uses", "Consents of earlier calls that were honoured", Tag.LINE, Tag.LEVEL),
    ABANDONED(
            "consent.abandonments",
            "Callers who hung up before deciding, by when: of those who heard the disclosure, or of"
                    + " those who were asked",
            Tag.LINE,
            Tag.LANGUAGE,
            Tag.VARIANT,
            Tag.CALLER,
            Tag.STAGE),
    PURPOSES(
            "consent.purposes.decided",
            "Single purposes in the middle of a talk: granted, refused or unanswered, where the"
                    + " assistant asked for more, or ended by the caller",
            Tag.LINE,
            Tag.STATE),
    WITHDRAWN("consent.withdrawals", "Consents withdrawn", Tag.LINE, Tag.LEVEL, Tag.METHOD),
    WITHDRAWAL_CUT("consent.withdrawal.cut", "From the withdrawal to the last packet forwarded"),
    HOLDERS_NOTIFIED(
            "consent.holders.notified",
            "Who was given data and is told that the consent has ended, by what confirmed it",
            Tag.EVENT,
            Tag.ACKNOWLEDGED_BY),
    SATISFACTION(
            "consent.satisfaction",
            "Answers to how clear it was: 1 is very clear, 5 is not clear at all",
            Tag.LINE,
            Tag.LANGUAGE,
            Tag.VARIANT,
            Tag.SCORE),

    HELPED(
            "consent.helped",
            "Answers to whether the caller was helped",
            Tag.LINE,
            Tag.LANGUAGE,
            Tag.VARIANT,
            Tag.HELPED),
    CALL_BACKS(
            "consent.request.call.backs",
            "Numbers called back to confirm a request for access or erasure, by what came of it;"
                    + " disowned: who took the call had not asked",
            Tag.RESULT),
    TASKS_LEFT(
            "consent.tasks",
            "What callers left for a person to do: to call back, a complaint",
            Tag.LINE,
            Tag.LANGUAGE,
            Tag.VARIANT,
            Tag.KIND),
    LINKS(
            "consent.links",
            "Callers who asked for the address of the information as a text message",
            Tag.LINE,
            Tag.LANGUAGE,
            Tag.VARIANT,
            Tag.TAKEN),

    MESSAGES(
            "consent.messages",
            "Text messages handed to the SMS gateway, by whether it took them",
            Tag.TAKEN),
    ASSISTANT_ANSWERED(
            "consent.assistant.answers", "Calls that an assistant has taken", Tag.ASSISTANT),
    ASSISTANT_FAILURES(
            "consent.assistant.failures",
            "Calls in which an assistant was not reached or broke off, by why",
            Tag.ASSISTANT,
            Tag.REASON),
    ASSISTANT_CONNECT(
            "consent.assistant.connect",
            "From the durable consent to the answer of the assistant, or until it was given up",
            Tag.ANSWERED),
    GATE_VIOLATIONS(
            "consent.gate.violations",
            "Assistants that were let in, or were to be, without a consent proved in this call:"
                    + " a mistake of ours each",
            Tag.REASON),
    ASSISTANT_FRAMES_LOST(
            "consent.assistant.frames.lost",
            "20 ms of callers that an assistant did not read in time",
            Tag.ASSISTANT),
    ASSISTANT_IGNORED(
            "consent.assistant.messages.ignored",
            "Messages of an assistant that mean nothing in its dialect",
            Tag.ASSISTANT),

    FIRST_AUDIO("consent.first.audio", "From the ACK to the first packet of the opening sent"),
    STORE_COMMIT("consent.store.commit", "How long a call waited for its record", Tag.DURABLE),
    NODE_LEASE(
            "consent.node.lease",
            "1 where the other nodes take this one for alive, so that consents count here, else 0"),
    OTHERS_SILENT(
            "consent.node.others.silent",
            "Other nodes (node.others) not heard of for 7 s; while there is one, callers are asked"
                    + " in full, since it may have their withdrawal"),
    ENDINGS_UNTOLD(
            "consent.node.endings.untold",
            "Withdrawals that wait here for the store, and that some other node does not know of"),
    NODES_LOST("consent.nodes.lost", "Nodes of this store that this one has found dead, each once"),
    CALLS_LOST(
            "consent.calls.lost",
            "Calls of dead nodes, or of an earlier life of this one, whose end this one recorded"),
    STORE_UP("consent.store.up", "1 where records can be written, else 0"),
    STORE_STANDBY(
            "consent.store.standby",
            "1 where what is confirmed is on a standby as well, 0 where it is not, or waits for one"
                    + " that is away; NaN where there is one server alone"),
    DISK_FREE(
            "consent.disk.free",
            "Room on the disk that has the least: that of keys and late records, of SQLite's store,"
                    + " of the archive, or of exported checkpoints"),
    CLOCK_OFFSET(
            "consent.clock.offset",
            "By how much the machine's clock differs from time that only goes on"),
    CLOCK_JUMPS("consent.clock.jumps", "Times the machine's clock was set", Tag.SET),
    CERTIFICATE_LEFT(
            "consent.certificate.left",
            "Until the first certificate, or list of revoked ones, ends that this setting names;"
                    + " negative: it has ended",
            Tag.SETTING),
    WITNESS_CONFLICT(
            "consent.witness.conflict",
            "1 while a witness contradicts this log and nobody has resolved it, else 0"),
    WITNESS_COSIGNS(
            "consent.witness.cosigns",
            "1 where a witness has cosigned the checkpoint that it was asked for last, else 0",
            Tag.WITNESS),
    WITNESS_QUORUM(
            "consent.witness.quorum",
            "1 where as many witnesses as are needed have cosigned the newest checkpoint, else 0"),
    REQUESTS(
            "consent.requests.open",
            "Requests of callers for access or erasure that wait for a person",
            Tag.KIND,
            Tag.OVERDUE),
    TASKS(
            "consent.tasks.open",
            "What callers left for a person to do and nobody has done yet",
            Tag.KIND,
            Tag.OVERDUE),
    CHECKPOINT_AGE("consent.checkpoint.age", "Since the last signed checkpoint"),
    TILES_LAG(
            "consent.tiles.lag",
            "Since the begin of the last time that all that was signed was published as static"
                    + " files; NaN before the first"),
    RETENTION_LAG(
            "consent.retention.lag",
            "Since the begin of the last erasure of all that is over by its retention that came to"
                    + " its end; NaN before the first"),
    VERIFICATION_LAG(
            "consent.verification.lag",
            "Since the begin of the last look at all records that came to its end; NaN before the"
                    + " first"),
    VERIFICATION_FINDINGS(
            "consent.verification.findings",
            "What was found to be changed in the record behind the gateway's back; 0 as it should"
                    + " be"),
    TEXTS_CHANGED(
            "consent.texts.changed",
            "Texts in force that were spoken before with other words, another sound or on other"
                    + " terms: no consent to them is recorded; 0 as it should be"),

    RTP_PACKETS("consent.rtp.packets", "RTP packets of ended legs", Tag.DIRECTION),
    RTP_LOST("consent.rtp.packets.lost", "RTP packets that never came"),
    RTP_DROPPED("consent.rtp.packets.dropped", "RTP packets not used, by why", Tag.REASON),
    RTP_JITTER("consent.rtp.jitter", "Interarrival jitter of ended legs (RFC 3550 6.4.1)"),
    MEDIA_DROPPED(
            "consent.media.dropped",
            "Packets and keys of all legs that went no further, by why",
            Tag.REASON),
    PORTS_USED("consent.media.ports.used", "RTP port pairs in use or resting"),
    PORTS_LIMIT("consent.media.ports.limit", "RTP port pairs there are"),
    OPUS_USED("consent.media.opus.used", "Legs that are offered Opus, or coded in it"),
    OPUS_LIMIT("consent.media.opus.limit", "Legs that may be, at once"),

    SPEECH_READY(
            "consent.speech.ready", "1 where answers may be spoken, 0 for keys only", Tag.LANGUAGE),
    SPEECH_LISTENING(
            "consent.speech.listening", "Callers listened to now, in questions and in talks"),
    SPEECH_REJECTED(
            "consent.speech.rejected",
            "Questions and talks not listened to, by why: limit and talk_limit count each try",
            Tag.REASON),

    WEBHOOK_DELIVERIES(
            "consent.webhook.deliveries",
            "Attempts to tell another system of an event, by what became of them",
            Tag.ENDPOINT,
            Tag.RESULT),
    WEBHOOK_QUEUE(
            "consent.webhook.queue", "Messages that an endpoint has not taken yet", Tag.ENDPOINT),
    WEBHOOK_OLDEST(
            "consent.webhook.oldest", "Age of the oldest of them; 0 without any", Tag.ENDPOINT),
    WEBHOOK_DROPPED(
            "consent.webhook.dropped", "Messages for which there was no room", Tag.ENDPOINT),
    WEBHOOK_GIVEN_UP(
            "consent.webhook.given.up",
            "Messages that an endpoint refused until nobody tries any more",
            Tag.ENDPOINT),
    WEBHOOK_DISABLED(
            "consent.webhook.disabled",
            "1 where nothing is sent, by hand or because it said 410 Gone, else 0",
            Tag.ENDPOINT),
    CDR_LOST("consent.cdr.lost", "Call detail records that could not be written"),
    TRACES_LOST("consent.traces.lost", "Calls whose trace the collector has not got"),
    SIGN_INS_TURNED_AWAY(
            "consent.console.sign.ins.turned.away",
            "Sign-ins to the console by password that were not looked at, since too many came"),

    RELOADS(
            "consent.config.reloads",
            "Times the configuration was read again: done, or refused since it was wrong",
            Tag.OUTCOME),
    RELOADED(
            "consent.config.last.reload.successful",
            "1 where the configuration in force is the one that was read last, else 0"),
    RELOADED_AT(
            "consent.config.last.reload.success.timestamp",
            "When the configuration in force was read (Unix time)"),

    READY("consent.ready", "1 where calls are taken, else 0"),
    DRAINING("consent.draining", "1 where running calls end and no new ones are taken"),
    LABELS_FOLDED("consent.metric.labels.folded", "Label values counted as \"other\"");

    final String name;
    final String help;

    @SuppressWarnings("ImmutableEnumChecker") // List.copyOf cannot be changed
    final List<Tag> tags;

    Meter(String name, String help, Tag... tags) {
        this.name = name;
        this.help = help;
        this.tags = List.copyOf(Arrays.asList(tags));
    }
}
