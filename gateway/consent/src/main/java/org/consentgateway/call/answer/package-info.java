/** What a caller answers: the window in which keys and words compete, without sockets or clocks. */
@NullMarked
package org.consentgateway.call.answer;

import org.jspecify.annotations.NullMarked;
