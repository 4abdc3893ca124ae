/** Connections to HTTP listeners: who keeps a place, and for how long without a request. */
@NullMarked
package org.consentgateway.web.connection;

import org.jspecify.annotations.NullMarked;
