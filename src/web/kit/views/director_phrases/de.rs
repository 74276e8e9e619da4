//! German, in the polite form.

use super::wording::DirectorPhrases;

pub static DE: DirectorPhrases = DirectorPhrases {
    code: "de",
    error: "Fehler:",
    optional: "(freiwillig)",
    not_done: "Das ist noch nicht geschehen",
    name_one: "{n} Name",
    name_many: "{n} Namen",
    account_one: "{n} Kunde",
    account_many: "{n} Kunden",
    headline_sign: "Bitte prüfen Sie {names} und unterschreiben Sie",
    headline_counter: "Bitte unterschreiben Sie {names} mit",
    all_done: "Alles erledigt. Vielen Dank, {director}.",
    handed_to: "Diese Kunden sind nun bei {who}",
    handed_to_others: "Diese Kunden sind nun bei anderen Verantwortlichen",
    handed_nothing: "Hier ist nichts mehr zu unterschreiben.",
    handed_line: "{accounts}: nun bei {who}, wo um die Unterschrift gebeten wird.",
    done_lead: "Alle Namen auf Ihrer Liste sind unterschrieben. Sie können die Seite schließen; der Link gilt \
        weiter, wenn Sie noch einmal nachsehen möchten.",
    next_title: "Wie es weitergeht",
    next_change: "Ändert sich vorher ein Name, bitten wir Sie noch einmal um Ihre Unterschrift.",
    intro: "Das sind die Personen bei Ihren Kunden, die zur Zusammenarbeit mit {client} gefragt werden: {title}.",
    intro_counter: "Das sind die Personen bei strategischen Kunden, die zur Zusammenarbeit mit {client} \
        gefragt werden: {title}.",
    todo: "Berichtigen Sie, was falsch ist, entfernen Sie, wer nicht gefragt werden soll, und unterschreiben Sie \
        dann.",
    todo_counter: "Die Verantwortlichen haben sie unterschrieben; strategische Kunden brauchen auch Ihre \
        Unterschrift.",
    saved: "Jede Änderung wird sofort gespeichert: Sie können aufhören und mit demselben Link weitermachen.",
    by_when: "Angeschrieben wird nur, wessen Namen Sie unterschreiben; {letter} geht am {when} an die ersten.",
    by_when_passed: "Angeschrieben wird nur, wessen Namen Sie unterschreiben; {letter} geht ab, sobald Sie \
        unterschrieben haben.",
    only_signed: "Angeschrieben wird nur, wessen Namen Sie unterschreiben.",
    letter_warm_up: "der Brief mit der Ankündigung",
    letter_invitation: "die Einladung",
    letter_other: "der nächste Brief",
    letters_warm_up: "Ab {from} erhalten diese Personen einen Brief, der die Runde ankündigt ({title}), und \
        einige Tage später die Einladung.",
    letters_invited: "Ab {from} werden diese Personen eingeladen: {title}.",
    letters_later: "Diese Personen erhalten die Briefe zur Runde ({title}), wenn es so weit ist.",
    progress: "{done} von {accounts} unterschrieben, es bleiben {names}.",
    progress_counter: "{done} von {accounts} mitunterschrieben, es bleiben {names}.",
    left_out_one: "{n} Eintrag war nicht lesbar, diese Person wird nicht gefragt:",
    left_out_many: "{n} Einträge waren nicht lesbar, diese Personen werden nicht gefragt:",
    left_out_next: "Sollen sie gefragt werden? Schicken Sie uns die richtigen Angaben:",
    foot: "Fehlt jemand, oder haben Sie eine Frage? Schreiben Sie an",
    to_sign: "Zu unterschreiben",
    to_sign_again: "Noch einmal zu unterschreiben",
    to_counter: "Wartet auf Ihre Unterschrift",
    waiting_counter: "Wartet auf die Vertriebsleitung",
    signed: "Unterschrieben",
    strategic: "Strategischer Kunde",
    signed_by: "Unterschrieben von {who} am {when}.",
    you_signed: "Sie haben am {when} unterschrieben. Das ist ein strategischer Kunde, darum wurde auch \
        {sales_director} um die Unterschrift gebeten. Für Sie ist nichts mehr zu tun.",
    counter_wrong: "Stimmt etwas nicht? Sagen Sie es {who}:",
    counter_again: "Eine geänderte Liste unterschreiben Sie beide noch einmal.",
    changed: "Diese Liste wurde nach der Unterschrift geändert: {what} (unterschrieben von {who} am {when}). \
        Bitte unterschreiben Sie noch einmal.",
    changed_some: "Namen kamen dazu, wurden entfernt oder berichtigt",
    to_look_one: "{n} Name zum Ansehen",
    to_look_many: "{n} Namen zum Ansehen",
    clean_one: "{n} Name ohne Anmerkungen",
    clean_many: "{n} Namen ohne Anmerkungen",
    signed_one: "{n} unterschriebener Name",
    signed_many: "{n} unterschriebene Namen",
    early_one: "{n} Name, der noch auf die Unterschrift des Verantwortlichen wartet",
    early_many: "{n} Namen, die noch auf die Unterschrift des Verantwortlichen warten",
    removed_one: "Entfernt: {n} Name",
    removed_many: "Entfernt: {n} Namen",
    nobody_left: "Auf dieser Liste steht niemand mehr, also wird bei {account} niemand gefragt. Zu \
        unterschreiben gibt es nichts.",
    change: "Ändern",
    right: "Das ist richtig",
    right_button: "Angekreuztes speichern",
    count_label: "Wie viele Personen stehen oben?",
    count_hint: "Zählen Sie beim Ansehen mit: Die Zahl ist Ihre Unterschrift.",
    sign_button: "{names} bei {account} unterschreiben",
    counter_button: "{names} bei {account} mitunterschreiben",
    count_missing: "Die Liste von {account} ist noch nicht unterschrieben. Zählen Sie die Personen, geben Sie \
        die Zahl ein, und drücken Sie dann auf die Schaltfläche.",
    count_wrong: "Bei {account} stehen nicht „{typed}“ Personen. Zählen Sie sie, und geben Sie die Zahl ein.",
    changed_meanwhile: "Die Liste von {account} hat sich geändert, seit Sie die Seite geöffnet haben; \
        unterschrieben wurde nichts. Sehen Sie sie noch einmal an, und unterschreiben Sie dann.",
    correct: "Berichtigen",
    correct_button: "Berichtigung speichern",
    first_name: "Vorname",
    last_name: "Nachname",
    email: "E-Mail",
    job_title: "Funktion",
    role: "Rolle",
    correct_tick: "Ja, so ist es richtig",
    set_aside: "Unter einer anderen Adresse geht ein neuer Link hinaus, und was über den Link an diese Adresse \
        beantwortet wurde, zählt nicht mehr, außer Sie kreuzen das Kästchen an.",
    same_person: "Die bisherigen Antworten sind von dieser Person: behalten",
    replace: "Ersetzen",
    replace_explain: "Anstelle von {name} wird jemand anderes gefragt.",
    replace_button: "Diese Person auf die Liste setzen",
    remove: "Entfernen",
    remove_button: "{name} von der Liste entfernen",
    remove_reason: "Warum?",
    remove_choose: "Wählen Sie einen Grund",
    reason_left: "Hat das Unternehmen verlassen",
    reason_wrong: "Die falsche Person dafür",
    reason_not_now: "Kein guter Zeitpunkt, diese Person zu fragen",
    reason_duplicate: "Steht zweimal auf der Liste",
    reason_other: "Ein anderer Grund",
    restore: "Wieder aufnehmen",
    restore_tick: "Ja, {name} wieder auf die Liste setzen",
    add: "Person hinzufügen",
    add_explain: "Sprache, Land und Zeitzone sind die der meisten anderen hier. Der Name wartet auf Ihre \
        Unterschrift.",
    add_button: "Auf die Liste setzen",
    ask: "Fragen Sie uns",
    ask_label: "Ihre Frage",
    ask_topic: "Worum geht es?",
    topic_choose: "Wählen Sie",
    topic_name: "Ein Name auf der Liste",
    topic_account: "Wer für den Kunden zuständig ist",
    topic_round: "Die Briefe und ihre Termine",
    topic_other: "Etwas anderes",
    ask_explain: "Wir antworten per E-Mail an {email}.",
    ask_button: "Frage senden",
    asked: "Ihre Fragen, auf die wir noch antworten:",
    undo: "Rückgängig machen",
    undo_corrected: "Zurücknehmen: {name} wurde berichtigt",
    undo_removed: "Zurücknehmen: {name} wurde entfernt",
    undo_replaced: "Zurücknehmen: {name} wurde ersetzt",
    undo_added: "Zurücknehmen: {name} kam dazu",
    undo_kept: "Zurücknehmen: {name} wurde als richtig bestätigt",
    role_decider: "Entscheider",
    role_influencer: "Mitentscheider",
    role_operational: "Ansprechpartner im Tagesgeschäft",
    role_unknown: "Rolle nicht bekannt",
    removed_why: "{reason}; entfernt am {when}.",
    removed_off_list: "Steht nicht mehr auf der Liste",
    removed_replaced: "Ersetzt durch {who}",
    removed_address: "Die Adresse gehört nun {who}",
    removed_taken_back: "Von der Person zurückgenommen, die den Namen hinzugefügt hatte",
    done_sign: "Unterschrieben: {names} bei {account}.",
    done_counter: "Mitunterschrieben: {names} bei {account}.",
    done_remove: "{name} wurde bei {account} entfernt.",
    done_restore: "{name} steht wieder auf der Liste von {account}.",
    done_correct: "Die Berichtigung von {name} ist gespeichert.",
    done_replace: "{name} steht nun auf der Liste von {account}.",
    done_add: "{name} steht auf der Liste von {account} und wartet auf Ihre Unterschrift.",
    done_keep: "Gespeichert, wie angekreuzt.",
    done_undo: "Zurückgenommen: Die Liste von {account} ist wieder, wie sie vorher war.",
    done_ask: "Ihre Frage zu {account} ist gesendet. Wir antworten per E-Mail.",
    tick_correct: "Es ist noch nichts geändert. Kreuzen Sie das Kästchen unter Ihrer Berichtigung an, und \
        speichern Sie dann.",
    nothing_differs: "Hier ist nichts anders als vorher. Berichtigen Sie, was falsch ist; ist alles richtig, \
        lassen Sie es so.",
    choose_reason: "Wählen Sie einen Grund.",
    choose_role: "Wählen Sie eine Rolle.",
    tick_restore: "Kreuzen Sie das Kästchen an, dann steht {name} wieder auf der Liste.",
    put_back_first: "{name} steht nicht mehr auf der Liste. Nehmen Sie den Namen zuerst wieder auf.",
    tick_undo: "Kreuzen Sie das Kästchen an, dann wird es zurückgenommen.",
    tick_right: "Kreuzen Sie an, welche Namen so richtig sind, oder wählen Sie eine Rolle, und speichern Sie dann.",
    no_name: "Der Name fehlt. Schreiben Sie einen Vor- oder Nachnamen, und speichern Sie noch einmal.",
    nobodys_name: "„{typed}“ ist kein Name einer Person. Schreiben Sie den Namen, und speichern Sie noch einmal.",
    too_long: "Das sind {n} Zeichen, und höchstens {most} sind möglich. Kürzen Sie es, und speichern Sie noch \
        einmal.",
    no_address: "Die Adresse „{typed}“ lässt sich nicht verwenden. Berichtigen Sie sie, und speichern Sie noch \
        einmal.",
    on_list_who: "{email} steht schon auf der Liste: {who} bei {account}. Schreiben Sie eine andere Adresse, oder \
        lassen Sie es so.",
    on_list: "{email} steht schon auf einer anderen Liste dieser Runde. Schreiben Sie eine andere Adresse, oder \
        fragen Sie uns.",
    taken_off_who: "{email} ist die Adresse von {who} bei {account}; der Name wurde von der Liste genommen. \
        Nehmen Sie ihn wieder auf, oder schreiben Sie eine andere Adresse.",
    taken_off: "{email} gehört jemandem, der von einer anderen Liste dieser Runde genommen wurde. Schreiben Sie \
        eine andere Adresse, oder fragen Sie uns.",
    objected: "{email} möchte keine Post von uns. Nennen Sie jemand anderen, oder lassen Sie diese Person aus.",
    has_left: "{email}: Diese Person hat das Unternehmen verlassen, wie wir gehört haben. Nennen Sie jemand \
        anderen.",
    dead: "{email} nimmt keine E-Mails an. Schreiben Sie eine andere Adresse.",
    keeps_place: "{name} behält diesen Platz, niemand anders nimmt ihn ein. Fügen Sie die andere Person hinzu.",
    has_answered: "{name} hat schon geantwortet und lässt sich nicht mehr ersetzen. Fügen Sie die andere \
        Person hinzu.",
    not_on_list: "{name} steht nicht mehr auf der Liste. Laden Sie die Seite neu.",
    written_to: "An {name} ging schon ein Brief, darum lässt sich das nicht zurücknehmen. Entfernen Sie \
        stattdessen den Namen.",
    nothing_back: "Das lässt sich nicht mehr zurücknehmen: Die Liste wurde seither geändert oder unterschrieben. \
        Berichtigen Sie es stattdessen.",
    ask_nothing: "Schreiben Sie Ihre Frage, und senden Sie sie dann.",
    choose_topic: "Wählen Sie, worum es geht.",
    ask_too_long: "Ihre Frage hat {n} Zeichen, und höchstens {most} sind möglich. Kürzen Sie sie, und senden \
        Sie sie dann.",
    ask_too_many: "{n} Ihrer Fragen warten schon auf eine Antwort. Warten Sie auf unsere, oder schreiben Sie uns \
        eine E-Mail.",
    closed_title: "Diese Runde ist beendet",
    closed_lead: "Es ist nichts mehr zu unterschreiben.",
    closed_thanks: "Vielen Dank für Ihre Hilfe.",
    codes_why: "Diese Listen unterschreiben Sie mit einem sechsstelligen Code, den wir an {email} senden. So \
        unterschreibt niemand, dem nur der Link zu dieser Seite weitergeleitet wurde.",
    code_why: "Diese Liste unterschreiben Sie mit einem sechsstelligen Code, den wir an {email} senden. So \
        unterschreibt niemand, dem nur der Link zu dieser Seite weitergeleitet wurde.",
    code_button: "Code anfordern",
    code_sent: "Ein Code ging an {email}. Er gilt bis {until} für jede Liste auf dieser Seite, die auf einen \
        Code gewartet hat.",
    code_again: "Neuen Code anfordern",
    code_label: "Der Code aus der E-Mail",
    code_hint: "Sechs Ziffern. Mit ihrer Eingabe unterschreiben Sie.",
    done_code: "Ein Code ging an {email}. Geben Sie hier seine sechs Ziffern ein.",
    take_back: "Unterschrift zurücknehmen",
    take_back_explain: "Niemand hier wird angeschrieben, bis die Liste wieder unterschrieben ist.",
    take_back_tick: "Ja, die Unterschrift bei {account} zurücknehmen",
    take_back_button: "Zurücknehmen",
    tick_take_back: "Die Unterschrift wurde nicht zurückgenommen. Kreuzen Sie das Kästchen an, wenn sie \
        zurückgenommen werden soll, und drücken Sie dann auf die Schaltfläche.",
    done_take_back: "Die Unterschrift bei {account} ist zurückgenommen.",
    stays_signed: "Ein Brief an jemanden hier ist schon abgegangen, darum bleibt die Unterschrift.",
    code_missing: "Es ist noch nichts unterschrieben. Geben Sie die sechs Ziffern aus der E-Mail ein, und \
        drücken Sie dann auf die Schaltfläche.",
    code_none_sent: "Für diese Seite wurde noch kein Code gesendet. Fordern Sie einen an; er kommt sofort per \
        E-Mail an {email}.",
    code_not_six: "Das ist kein sechsstelliger Code. Geben Sie ihn so ein, wie er in der E-Mail steht.",
    code_over: "Der Code ist älter als zehn Minuten und gilt nicht mehr. Fordern Sie einen neuen an; er kommt \
        sofort per E-Mail.",
    code_used_up: "Es wurden {n} falsche Codes eingegeben, darum gilt der Code nicht mehr. Fordern Sie einen \
        neuen an; er kommt sofort per E-Mail.",
    code_for_others: "Eine dieser Listen wartete noch nicht auf Sie, als der Code gesendet wurde. Fordern Sie \
        einen neuen an; er kommt sofort per E-Mail.",
    code_wrong_one: "Das ist nicht der Code der letzten E-Mail. Sehen Sie noch einmal nach; Sie haben noch {n} \
        Versuch.",
    code_wrong_many: "Das ist nicht der Code der letzten E-Mail. Sehen Sie noch einmal nach; Sie haben noch {n} \
        Versuche.",
    code_just_sent: "An {email} ging in der letzten Minute schon ein Code. Sehen Sie in Ihr Postfach; ist er in \
        einer Minute nicht da, fordern Sie einen neuen an.",
    code_enough: "An {email} gingen an einem Tag {n} Codes, mehr senden wir nicht. Antworten Sie auf die \
        E-Mail, die Sie um die Unterschrift bat, dass Sie den Namen zustimmen; dann tragen wir das ein.",
    together_title: "Mehrere zusammen unterschreiben",
    together_counter: "Alle zusammen mitunterschreiben",
    together_lead: "Kreuzen Sie an, womit Sie einverstanden sind; eine Unterschrift gilt für alles, was \
        angekreuzt ist.",
    together_look: "Ansehen",
    together_changed: "Von den Verantwortlichen geändert: {what}",
    together_unchanged: "Die Verantwortlichen haben nichts geändert.",
    together_label: "Wie viele Namen haben die angekreuzten Kunden zusammen?",
    together_hint: "Zählen Sie die Zahlen daneben zusammen; so, wie beim Öffnen der Seite angekreuzt war, sind \
        es {names}. Die Zahl ist Ihre Unterschrift.",
    together_button: "Angekreuzte unterschreiben",
    together_counter_button: "Angekreuzte mitunterschreiben",
    together_none: "Es ist noch nichts unterschrieben. Kreuzen Sie an, welchen Kunden Sie zustimmen, und \
        drücken Sie dann auf die Schaltfläche.",
    together_missing: "Es ist noch nichts unterschrieben. Geben Sie ein, wie viele Namen die angekreuzten \
        Kunden zusammen haben, und drücken Sie dann auf die Schaltfläche.",
    together_wrong: "Die angekreuzten Kunden haben zusammen nicht „{typed}“ Namen. Zählen Sie die Zahlen neben \
        ihnen zusammen.",
    done_together: "Was angekreuzt war, ist unterschrieben.",
    colleague_title: "Jemand anderen unterschreiben lassen",
    colleague_explain: "Diese Person bekommt eine E-Mail mit einem eigenen Link und wird an Ihrer Stelle um \
        die Unterschrift gebeten. Sie selbst können weiterhin unterschreiben und erfahren von allem, was für \
        Sie unterschrieben wird.",
    colleague_given: "Wer für Sie unterschreibt",
    colleague_which: "Für welchen Kunden?",
    colleague_all: "Alle meine Kunden, auch solche, die noch dazukommen",
    colleague_name: "Name der Person",
    colleague_email: "E-Mail der Person",
    colleague_count: "Wie viele Namen warten dort auf Sie?",
    colleague_count_hint: "Zählen Sie sie, als würden Sie unterschreiben.",
    colleague_code_why: "Dazu braucht es einen sechsstelligen Code, den wir an {email} senden. So lässt \
        niemand jemand anderen unterschreiben, dem nur der Link zu dieser Seite weitergeleitet wurde.",
    colleague_button: "Diese Person um die Unterschrift bitten",
    signs_too: "{who} unterschreibt dies ebenfalls; von Ihnen gebeten am {when}.",
    may_sign_too: "{who} kann dies ebenfalls unterschreiben; von uns gebeten am {when}.",
    given_account: "{who}, {email}: {account}. Gebeten am {when}.",
    given_all: "{who}, {email}: alle Ihre Kunden, auch solche, die noch dazukommen. Gebeten am {when}.",
    for_whom: "Für {who}",
    end_delegation: "Zurücknehmen",
    end_explain: "Sie werden wieder selbst um die Unterschrift gebeten. Was schon unterschrieben ist, bleibt \
        unterschrieben.",
    end_tick: "Ja, {who} soll nicht mehr für mich unterschreiben",
    tick_end: "Es wurde nichts zurückgenommen. Kreuzen Sie das Kästchen an, wenn {who} nicht mehr für Sie \
        unterschreiben soll, und drücken Sie dann auf die Schaltfläche.",
    choose_scope: "Wählen Sie, für welchen Kunden.",
    no_colleague: "Schreiben Sie den Namen der Person.",
    other_domain: "{email} gehört zu keinem Unternehmen, dessen Leute in dieser Runde unterschreiben, darum wurde \
        niemand gebeten. Schreiben Sie eine Adresse Ihres eigenen Unternehmens, oder fragen Sie uns.",
    himself: "{email} ist Ihre eigene Adresse. Schreiben Sie die der anderen Person.",
    signs_already: "{who} unterschreibt dies schon, darum wurde niemand zweimal gebeten.",
    not_his: "Sie wurden gebeten, dies für jemand anderen zu unterschreiben, und können es nicht weitergeben. \
        Sagen Sie es der Person, die Sie gebeten hat, oder fragen Sie uns.",
    nothing_waits: "Dort wartet nichts auf Ihre Unterschrift, darum wurde niemand gebeten.",
    names_wrong: "Dort warten nicht „{typed}“ Namen auf Sie, darum wurde niemand gebeten. Zählen Sie sie, und \
        geben Sie die Zahl ein.",
    names_missing: "Es wurde noch niemand gebeten. Geben Sie ein, wie viele Namen dort auf Sie warten, und \
        drücken Sie dann auf die Schaltfläche.",
    they_signed: "{who} hat am {when} unterschrieben. Das ist ein strategischer Kunde, darum wurde auch \
        {sales_director} um die Unterschrift gebeten. Für Sie ist nichts mehr zu tun.",
    done_delegate: "{who} ist um die Unterschrift gebeten und bekommt eine E-Mail. Sie selbst können weiterhin \
        unterschreiben.",
    done_delegate_code: "Ein Code ging an {email}. Geben Sie unten seine sechs Ziffern ein, um jemand anderen \
        unterschreiben zu lassen.",
    done_end: "Zurückgenommen. Sie werden wieder selbst um die Unterschrift gebeten.",
    signed_carried: "Von {who} in der vorigen Runde unterschrieben; diese Liste gilt seit {when}.",
    signed_recorded: "{who} hat zugestimmt; von uns eingetragen am {when}.",
    removed_left_out: "Niemand hat unterschrieben, darum wird diese Person nicht gefragt",
    one_by_one: "Bei einigen Ihrer Kunden unterschreiben Sie mit einem Code, und von diesen wartet gerade \
        keiner. Wählen Sie die Kunden einzeln.",
    intro_for: "Das sind die Personen bei Kunden von {who}, die zur Zusammenarbeit mit {client} gefragt \
        werden: {title}. Sie unterschreiben für {who}.",
    intro_for_several: "Das sind die Personen bei Kunden, für die Sie anstelle anderer unterschreiben und die \
        zur Zusammenarbeit mit {client} gefragt werden: {title}. Bei jedem Kunden steht, für wen.",
    intro_also: "Das sind die Personen bei Ihren Kunden und bei denen, für die Sie anstelle von {who} \
        unterschreiben. Sie werden zur Zusammenarbeit mit {client} gefragt: {title}.",
    intro_also_several: "Das sind die Personen bei Ihren Kunden und bei denen, für die Sie anstelle anderer \
        unterschreiben. Sie werden zur Zusammenarbeit mit {client} gefragt: {title}. Bei den Kunden der \
        anderen steht, für wen.",
    intro_counter_for: "Das sind die Personen bei strategischen Kunden, die zur Zusammenarbeit mit {client} \
        gefragt werden: {title}. Sie unterschreiben für {who} mit.",
    undo_reviewed: "Zurücknehmen: was bei {name} angekreuzt und gewählt wurde",
    not_here_title: "Das steht nicht mehr auf Ihrer Seite",
    not_here_lead: "Es ist bei jemand anderem oder wurde zurückgenommen, seit Sie die Seite geöffnet haben; \
        geschehen ist nichts.",
    not_here_next: "Öffnen Sie den Link in der letzten E-Mail noch einmal, dann sehen Sie Ihre Listen, wie sie \
        jetzt sind.",
    code_none_waits: "Keine Liste auf dieser Seite wartet auf einen Code. Laden Sie die Seite neu, um zu \
        sehen, was noch zu unterschreiben ist.",
    meanwhile: "Seit Sie die Seite geöffnet haben, hat sich etwas geändert; geschehen ist nichts. Laden Sie \
        die Seite neu, und sehen Sie es noch einmal an.",
    stays_next: "Antworten Sie auf die E-Mail, die Sie um die Unterschrift bat, und sagen Sie, wer nicht mehr \
        angeschrieben werden soll.",
    not_taken_back: "Bei {account} gibt es keine Unterschrift, die Sie zurücknehmen könnten. Laden Sie die \
        Seite neu, um zu sehen, wo die Liste steht.",
    first_by_himself: "Die Liste von {account} haben Sie als verantwortliche Person schon unterschrieben, darum \
        unterschreibt sie jemand anderes mit. Lassen Sie sie aus, oder sagen Sie es der Person, die Sie \
        gebeten hat.",
    not_waiting: "Die Liste von {account} wartet nicht auf Ihre Unterschrift; unterschrieben wurde nichts. \
        Laden Sie die Seite neu, um zu sehen, wo sie steht.",
    together_which: "Welchen Kunden stimmen Sie zu?",
};
