//! French, in the polite form.

use super::wording::DirectorPhrases;

pub static FR: DirectorPhrases = DirectorPhrases {
    code: "fr",
    error: "Erreur :",
    optional: "(facultatif)",
    not_done: "Ceci n’a pas encore été fait",
    name_one: "{n} nom",
    name_many: "{n} noms",
    account_one: "{n} client",
    account_many: "{n} clients",
    headline_sign: "Veuillez vérifier {names} et signer",
    headline_counter: "Veuillez contresigner {names}",
    all_done: "Tout est fait. Merci, {director}.",
    handed_to: "Ces clients sont désormais suivis par {who}",
    handed_to_others: "Ces clients sont désormais suivis par d’autres responsables",
    handed_nothing: "Il n’y a plus rien à signer ici.",
    handed_line: "{accounts} : suivi par {who}, qui est prié(e) de signer.",
    done_lead: "Chaque nom de votre liste est signé. Vous pouvez fermer cette page ; le lien reste valable si \
        vous voulez la revoir.",
    next_title: "La suite",
    next_change: "Si un nom change avant cela, nous vous demandons de signer à nouveau.",
    intro: "Voici les personnes chez vos clients qui seront interrogées sur leur collaboration avec {client} : \
        {title}.",
    intro_counter: "Voici les personnes chez les clients stratégiques qui seront interrogées sur leur \
        collaboration avec {client} : {title}.",
    todo: "Corrigez ce qui est faux, retirez les personnes à ne pas interroger, puis signez.",
    todo_counter: "Leurs responsables les ont signés ; les clients stratégiques demandent aussi votre signature.",
    saved: "Chaque modification est enregistrée aussitôt : vous pouvez vous arrêter et reprendre avec le même \
        lien.",
    by_when: "Seules les personnes dont vous signez le nom reçoivent une lettre ; {letter} part pour les \
        premières le {when}.",
    by_when_passed: "Seules les personnes dont vous signez le nom reçoivent une lettre ; {letter} part dès que \
        vous avez signé.",
    only_signed: "Seules les personnes dont vous signez le nom reçoivent une lettre.",
    letter_warm_up: "la lettre d’annonce",
    letter_invitation: "l’invitation",
    letter_other: "la prochaine lettre",
    letters_warm_up: "À partir du {from}, ces personnes reçoivent une lettre d’annonce ({title}) et, quelques \
        jours plus tard, l’invitation.",
    letters_invited: "À partir du {from}, ces personnes sont invitées : {title}.",
    letters_later: "Ces personnes reçoivent les lettres ({title}) le moment venu.",
    progress: "Signé : {done} sur {accounts} ; il reste {names}.",
    progress_counter: "Contresigné : {done} sur {accounts} ; il reste {names}.",
    left_out_one: "{n} ligne n’a pas pu être lue ; cette personne n’est pas interrogée :",
    left_out_many: "{n} lignes n’ont pas pu être lues ; ces personnes ne sont pas interrogées :",
    left_out_next: "Faut-il les interroger ? Envoyez-nous les bonnes données :",
    foot: "Il manque quelqu’un, ou vous avez une question ? Écrivez à",
    to_sign: "À signer",
    to_sign_again: "À signer à nouveau",
    to_counter: "À contresigner",
    waiting_counter: "En attente de la direction commerciale",
    signed: "Signé",
    strategic: "Client stratégique",
    signed_by: "Signé par {who} le {when}.",
    you_signed: "Vous avez signé le {when}. C’est un client stratégique : {sales_director} signe aussi et en a \
        été prié(e). Vous n’avez plus rien à faire.",
    counter_wrong: "Une erreur ? Dites-le à {who} :",
    counter_again: "Une liste modifiée est signée à nouveau par vous deux.",
    changed: "Cette liste a été modifiée après la signature : {what} (signée par {who} le {when}). Veuillez \
        signer à nouveau.",
    changed_some: "des noms ont été ajoutés, retirés ou corrigés",
    to_look_one: "{n} nom à regarder",
    to_look_many: "{n} noms à regarder",
    clean_one: "{n} nom sans remarque",
    clean_many: "{n} noms sans remarque",
    signed_one: "{n} nom signé",
    signed_many: "{n} noms signés",
    early_one: "{n} nom qui attend son responsable",
    early_many: "{n} noms qui attendent leur responsable",
    removed_one: "Retiré : {n} nom",
    removed_many: "Retirés : {n} noms",
    nobody_left: "Il n’y a plus personne sur cette liste : personne chez {account} ne sera interrogé. Il n’y a \
        rien à signer.",
    change: "Modifier",
    right: "C’est correct",
    right_button: "Enregistrer ce qui est coché",
    count_label: "Combien de personnes figurent ci-dessus ?",
    count_hint: "Comptez en lisant : le nombre est votre signature.",
    sign_button: "Signer {names} chez {account}",
    counter_button: "Contresigner {names} chez {account}",
    count_missing: "La liste de {account} n’est pas encore signée. Comptez les personnes, saisissez leur \
        nombre, puis appuyez sur le bouton.",
    count_wrong: "Il n’y a pas « {typed} » personnes chez {account}. Comptez-les et saisissez leur nombre.",
    changed_meanwhile: "La liste de {account} a changé depuis que vous avez ouvert la page : rien n’a été signé. \
        Regardez-la encore une fois, puis signez.",
    correct: "Corriger",
    correct_button: "Enregistrer la correction",
    first_name: "Prénom",
    last_name: "Nom",
    email: "Adresse e-mail",
    job_title: "Fonction",
    role: "Rôle",
    correct_tick: "Oui, c’est correct ainsi",
    set_aside: "Avec une autre adresse, un nouveau lien part et ce qui aurait été répondu par le lien envoyé à \
        celle-ci ne compte plus, sauf si vous cochez la case.",
    same_person: "Les réponses données sont bien de cette personne : les garder",
    replace: "Remplacer",
    replace_explain: "Quelqu’un d’autre est interrogé à la place de {name}.",
    replace_button: "Mettre cette personne sur la liste",
    remove: "Retirer",
    remove_button: "Retirer {name} de la liste",
    remove_reason: "Pourquoi ?",
    remove_choose: "Choisissez un motif",
    reason_left: "A quitté l’entreprise",
    reason_wrong: "Pas la bonne personne",
    reason_not_now: "Ce n’est pas le moment d’interroger cette personne",
    reason_duplicate: "Figure deux fois sur la liste",
    reason_other: "Un autre motif",
    restore: "Remettre",
    restore_tick: "Oui, remettre {name} sur la liste",
    add: "Ajouter une personne",
    add_explain: "Langue, pays et fuseau horaire sont ceux de la plupart des autres ici. Le nom attend votre \
        signature.",
    add_button: "Ajouter à la liste",
    ask: "Nous poser une question",
    ask_label: "Votre question",
    ask_topic: "De quoi s’agit-il ?",
    topic_choose: "Choisissez",
    topic_name: "Un nom de la liste",
    topic_account: "Le responsable du client",
    topic_round: "Les lettres et leurs dates",
    topic_other: "Autre chose",
    ask_explain: "Nous répondons par e-mail à {email}.",
    ask_button: "Envoyer la question",
    asked: "Vos questions, auxquelles nous allons répondre :",
    undo: "Annuler",
    undo_corrected: "Annuler : {name} a été corrigé(e)",
    undo_removed: "Annuler : {name} a été retiré(e)",
    undo_replaced: "Annuler : {name} a été remplacé(e)",
    undo_added: "Annuler : {name} a été ajouté(e)",
    undo_kept: "Annuler : {name} a été jugé(e) correct(e)",
    role_decider: "décideur",
    role_influencer: "prescripteur",
    role_operational: "contact opérationnel",
    role_unknown: "rôle inconnu",
    removed_why: "{reason} ; retrait : {when}.",
    removed_off_list: "N’est plus sur la liste",
    removed_replaced: "Remplacé(e) par {who}",
    removed_address: "L’adresse est maintenant celle de {who}",
    removed_taken_back: "Annulé par la personne qui avait ajouté le nom",
    done_sign: "Signé : {names} chez {account}.",
    done_counter: "Contresigné : {names} chez {account}.",
    done_remove: "{name} a été retiré(e) chez {account}.",
    done_restore: "{name} est à nouveau sur la liste de {account}.",
    done_correct: "La correction de {name} est enregistrée.",
    done_replace: "{name} est maintenant sur la liste de {account}.",
    done_add: "{name} est sur la liste de {account} et attend votre signature.",
    done_keep: "Enregistré comme coché.",
    done_undo: "Annulé : la liste de {account} est comme avant.",
    done_ask: "Votre question sur {account} est envoyée. Nous répondons par e-mail.",
    tick_correct: "Rien n’a encore été modifié. Cochez la case sous votre correction, puis enregistrez.",
    nothing_differs: "Rien n’est différent d’avant. Corrigez ce qui est faux ; si tout est juste, laissez tel \
        quel.",
    choose_reason: "Choisissez un motif.",
    choose_role: "Choisissez un rôle.",
    tick_restore: "Cochez la case pour remettre {name} sur la liste.",
    put_back_first: "{name} n’est plus sur la liste. Remettez d’abord le nom.",
    tick_undo: "Cochez la case pour annuler.",
    tick_right: "Cochez les noms qui sont justes, ou choisissez un rôle, puis enregistrez.",
    no_name: "Le nom manque. Écrivez un prénom ou un nom, puis enregistrez à nouveau.",
    nobodys_name: "« {typed} » n’est pas un nom de personne. Écrivez le nom, puis enregistrez à nouveau.",
    too_long: "Cela fait {n} caractères, et {most} au plus sont possibles. Raccourcissez, puis enregistrez à \
        nouveau.",
    no_address: "L’adresse « {typed} » n’est pas utilisable. Corrigez-la, puis enregistrez à nouveau.",
    on_list_who: "{email} est déjà sur la liste : {who} chez {account}. Écrivez une autre adresse, ou laissez tel \
        quel.",
    on_list: "{email} est déjà sur une autre liste. Écrivez une autre adresse, ou posez-nous la question.",
    taken_off_who: "{email} est l’adresse de {who} chez {account}, nom retiré de la liste. Remettez ce nom, ou \
        écrivez une autre adresse.",
    taken_off: "{email} appartient à quelqu’un qui a été retiré d’une autre liste. Écrivez une autre adresse, \
        ou posez-nous la question.",
    objected: "{email} a demandé de ne plus être contacté(e). Indiquez quelqu’un d’autre, ou laissez cette \
        personne de côté.",
    has_left: "{email} : cette personne a quitté l’entreprise, d’après nos informations. Indiquez quelqu’un \
        d’autre.",
    dead: "{email} ne reçoit pas d’e-mails. Écrivez une autre adresse.",
    keeps_place: "{name} garde cette place : personne d’autre ne la prend. Ajoutez plutôt l’autre personne.",
    has_answered: "{name} a déjà répondu : personne ne prend cette place. Ajoutez plutôt l’autre personne.",
    not_on_list: "{name} n’est plus sur la liste. Rechargez la page.",
    written_to: "Une lettre est déjà partie pour {name} : impossible d’annuler. Retirez plutôt le nom.",
    nothing_back: "Ceci ne peut plus être annulé : la liste a été modifiée ou signée depuis. Corrigez plutôt.",
    ask_nothing: "Écrivez votre question, puis envoyez-la.",
    choose_topic: "Choisissez de quoi il s’agit.",
    ask_too_long: "Votre question a {n} caractères, et {most} au plus sont possibles. Raccourcissez-la, puis \
        envoyez-la.",
    ask_too_many: "{n} de vos questions attendent déjà une réponse. Attendez la nôtre, ou écrivez-nous par e-mail.",
    closed_title: "Cette campagne est close",
    closed_lead: "Il n’y a plus rien à signer.",
    closed_thanks: "Merci de votre aide.",
    codes_why: "Ces listes se signent avec un code à six chiffres, envoyé à {email}. Ainsi, personne ne signe \
        pour avoir seulement reçu le lien de cette page.",
    code_why: "Cette liste se signe avec un code à six chiffres, envoyé à {email}. Ainsi, personne ne signe pour \
        avoir seulement reçu le lien de cette page.",
    code_button: "M’envoyer un code",
    code_sent: "Un code a été envoyé à {email}. Il est valable jusqu’au {until}, pour chaque liste de cette page \
        qui attendait un code.",
    code_again: "M’envoyer un nouveau code",
    code_label: "Le code reçu par e-mail",
    code_hint: "Six chiffres. Les saisir ici vaut signature.",
    done_code: "Un code a été envoyé à {email}. Saisissez ici ses six chiffres.",
    take_back: "Retirer la signature",
    take_back_explain: "Personne ici ne reçoit de lettre tant que la liste n’est pas signée à nouveau.",
    take_back_tick: "Oui, retirer la signature pour {account}",
    take_back_button: "Retirer",
    tick_take_back: "La signature n’a pas été retirée. Cochez la case si elle doit l’être, puis appuyez sur le \
        bouton.",
    done_take_back: "La signature pour {account} est retirée.",
    stays_signed: "Une lettre est déjà partie pour quelqu’un ici : la signature reste donc.",
    code_missing: "Rien n’est encore signé. Saisissez les six chiffres reçus par e-mail, puis appuyez sur le bouton.",
    code_none_sent: "Aucun code n’a encore été envoyé pour cette page. Demandez-en un ; il arrive aussitôt par \
        e-mail à {email}.",
    code_not_six: "Ce n’est pas un code à six chiffres. Saisissez-le tel qu’il figure dans l’e-mail.",
    code_over: "Le code a plus de dix minutes et n’est plus valable. Demandez-en un nouveau ; il arrive aussitôt \
        par e-mail.",
    code_used_up: "{n} codes erronés ont été saisis, le code n’est donc plus valable. Demandez-en un nouveau ; \
        il arrive aussitôt par e-mail.",
    code_for_others: "Une de ces listes n’attendait pas votre signature quand le code a été envoyé. Demandez un \
        nouveau code ; il arrive aussitôt par e-mail.",
    code_wrong_one: "Ce n’est pas le code du dernier e-mail. Vérifiez l’e-mail ; il vous reste {n} essai.",
    code_wrong_many: "Ce n’est pas le code du dernier e-mail. Vérifiez l’e-mail ; il vous reste {n} essais.",
    code_just_sent: "Un code a été envoyé à {email} il y a moins d’une minute. Regardez votre boîte ; s’il n’est \
        pas arrivé dans une minute, demandez-en un autre.",
    code_enough: "{n} codes ont été envoyés à {email} en un jour, et il n’en part plus. Répondez à l’e-mail qui \
        demandait votre signature que vous approuvez les noms ; ce sera consigné.",
    together_title: "Signer plusieurs listes ensemble",
    together_counter: "Les contresigner ensemble",
    together_lead: "Cochez ce que vous approuvez ; une seule signature vaut pour tout ce qui est coché.",
    together_look: "Voir",
    together_changed: "Modifié par le responsable : {what}",
    together_unchanged: "Le responsable n’a rien modifié.",
    together_label: "Combien de noms les clients cochés ont-ils ensemble ?",
    together_hint: "Additionnez les nombres inscrits à côté ; avec les cases cochées à l’ouverture de la page, \
        cela fait {names}. Le nombre est votre signature.",
    together_button: "Signer ce qui est coché",
    together_counter_button: "Contresigner ce qui est coché",
    together_none: "Rien n’est encore signé. Cochez les clients que vous approuvez, puis appuyez sur le bouton.",
    together_missing: "Rien n’est encore signé. Saisissez combien de noms les clients cochés ont ensemble, \
        puis appuyez sur le bouton.",
    together_wrong: "Les clients cochés n’ont pas « {typed} » noms ensemble. Additionnez les nombres inscrits à \
        côté.",
    done_together: "Ce qui était coché est signé.",
    colleague_title: "Faire signer un collègue",
    colleague_explain: "Votre collègue reçoit un e-mail avec son propre lien et est sollicité à votre place. \
        Vous pouvez toujours signer vous-même, et vous lisez tout ce qui est signé pour vous.",
    colleague_given: "Qui signe pour vous",
    colleague_which: "Pour quel client ?",
    colleague_all: "Tous mes clients, même ceux qui s’ajouteront",
    colleague_name: "Nom de votre collègue",
    colleague_email: "E-mail de votre collègue",
    colleague_count: "Combien de noms vous y attendent ?",
    colleague_count_hint: "Comptez-les comme pour signer.",
    colleague_code_why: "Ceci demande un code à six chiffres, envoyé à {email}. Ainsi, personne ne fait signer \
        quelqu’un d’autre pour avoir seulement reçu le lien de cette page.",
    colleague_button: "Demander à ce collègue de signer",
    signs_too: "{who} signe aussi cette liste, à votre demande du {when}.",
    may_sign_too: "{who} peut aussi signer cette liste, à notre demande du {when}.",
    given_account: "{who}, {email} : {account}. Sollicité le {when}.",
    given_all: "{who}, {email} : tous vos clients, même ceux qui s’ajouteront. Sollicité le {when}.",
    for_whom: "Pour {who}",
    end_delegation: "Annuler cette délégation",
    end_explain: "Vous êtes à nouveau sollicité vous-même. Ce qui est déjà signé le reste.",
    end_tick: "Oui, {who} ne doit plus signer pour moi",
    tick_end: "Rien n’a été annulé. Cochez la case si {who} ne doit plus signer pour vous, puis appuyez sur le \
        bouton.",
    choose_scope: "Choisissez pour quel client.",
    no_colleague: "Écrivez le nom de votre collègue.",
    other_domain: "{email} n’est dans aucune entreprise dont des personnes signent dans cette campagne : \
        personne n’a donc été sollicité. Écrivez une adresse de votre entreprise, ou posez-nous la question.",
    himself: "{email} est votre propre adresse. Écrivez celle de votre collègue.",
    signs_already: "{who} signe déjà ceci, personne n’a donc été sollicité deux fois.",
    not_his: "On vous a demandé de signer ceci pour quelqu’un d’autre, vous ne pouvez donc pas le transmettre. \
        Dites-le à la personne qui vous l’a demandé, ou posez-nous la question.",
    nothing_waits: "Rien n’y attend votre signature, personne n’a donc été sollicité.",
    names_wrong: "Il n’y a pas « {typed} » noms qui vous y attendent, personne n’a donc été sollicité. \
        Comptez-les et saisissez leur nombre.",
    names_missing: "Personne n’a encore été sollicité. Saisissez combien de noms vous y attendent, puis appuyez \
        sur le bouton.",
    they_signed: "{who} a signé le {when}. C’est un client stratégique, {sales_director} le signe donc aussi et \
        y est invité. Vous n’avez plus rien à faire.",
    done_delegate: "{who} est invité à signer et reçoit un e-mail. Vous pouvez toujours signer vous-même.",
    done_delegate_code: "Un code a été envoyé à {email}. Saisissez ci-dessous ses six chiffres pour faire \
        signer un collègue.",
    done_end: "C’est retiré. Vous êtes à nouveau sollicité vous-même.",
    signed_carried: "Signé par {who} lors de la campagne précédente ; cette liste vaut depuis le {when}.",
    signed_recorded: "Approuvé par {who} ; enregistré par nous le {when}.",
    removed_left_out: "Personne n’a signé : cette personne n’est donc pas interrogée",
    one_by_one: "Certains de vos clients se signent avec un code, et aucun d’eux n’attend en ce moment. \
        Choisissez un client à la fois.",
    intro_for: "Voici les personnes chez les clients de {who} qui seront interrogées sur leur collaboration \
        avec {client} : {title}. Vous signez pour {who}.",
    intro_for_several: "Voici les personnes chez les clients pour lesquels vous signez à la place d’autres \
        responsables et qui seront interrogées sur leur collaboration avec {client} : {title}. Chaque client \
        indique pour qui.",
    intro_also: "Voici les personnes chez vos clients, et chez ceux pour lesquels vous signez à la place de \
        {who}, qui seront interrogées sur leur collaboration avec {client} : {title}.",
    intro_also_several: "Voici les personnes chez vos clients, et chez ceux pour lesquels vous signez à la \
        place d’autres responsables, qui seront interrogées sur leur collaboration avec {client} : {title}. \
        Les clients des autres indiquent pour qui.",
    intro_counter_for: "Voici les personnes chez les clients stratégiques qui seront interrogées sur leur \
        collaboration avec {client} : {title}. Vous contresignez pour {who}.",
    undo_reviewed: "Annuler ce qui a été coché et choisi pour {name}",
    not_here_title: "Ceci n’est plus sur votre page",
    not_here_lead: "Cela a changé de main ou a été annulé depuis que vous avez ouvert la page : rien n’a été fait.",
    not_here_next: "Ouvrez encore une fois le lien du dernier e-mail pour voir vos listes telles qu’elles sont \
        maintenant.",
    code_none_waits: "Aucune liste de cette page n’attend de code. Rechargez la page pour voir ce qui reste à \
        signer.",
    meanwhile: "Quelque chose a changé depuis que vous avez ouvert la page : rien n’a été fait. Rechargez la \
        page, puis regardez encore une fois.",
    stays_next: "Répondez à l’e-mail qui demandait votre signature et dites à qui il ne faut plus écrire.",
    not_taken_back: "Il n’y a pas de signature à retirer pour {account}. Rechargez la page pour voir où en est \
        la liste.",
    first_by_himself: "Vous avez signé la liste de {account} en tant que responsable : quelqu’un d’autre la \
        contresigne donc. Laissez-la de côté, ou dites-le à la personne qui vous a sollicité.",
    not_waiting: "La liste de {account} n’attend pas votre signature : rien n’a été signé. Rechargez la page \
        pour voir où elle en est.",
    together_which: "Quels clients approuvez-vous ?",
};
