/** What must hold of where records are kept. */
@NullMarked
package org.consentgateway.settings.store;

import org.jspecify.annotations.NullMarked;
