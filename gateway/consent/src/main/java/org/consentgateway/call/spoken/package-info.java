/** What the gateway says: the parts of a notice, put together for one moment of a call. */
@NullMarked
package org.consentgateway.call.spoken;

import org.jspecify.annotations.NullMarked;
