"""One badge of the demo programme in German and, not finished yet, in French."""

from typing import Final

from badges.actions.translations import TranslationFields

BADGE: Final = "first-responder-on-site"

TRANSLATIONS: Final[dict[str, TranslationFields]] = {
    "de": TranslationFields(
        name="Ersthelfer auf dem Gelände",
        description="Leistet in den ersten Minuten Erste Hilfe auf dem Terminal und weist die Rettungskräfte ein.",
        image_alt="Roter Schild mit einem Herz, das von einer Pulslinie gekreuzt wird, und dem Schriftzug First aid",
        criteria_narrative=(
            "Wenn etwas passiert, sind Sie der Mensch, der **anfängt**. Hilfe von außen braucht bis zu den äußeren "
            "Liegeplätzen etwa elf Minuten.\n\n"
            "- Besuchen Sie den sechzehnstündigen Kurs, mit Wiederbelebung von Erwachsenen und dem Defibrillator.\n"
            "- Nehmen Sie in Ihrer eigenen Schicht an einer unangekündigten Übung teil.\n"
            "- Kennen Sie die Sammelpunkte, die Schlüssel von Tor 7 und die Funkworte auswendig.\n\n"
            "In der Abschlussübung geschehen drei Dinge zugleich. Die Prüferin achtet darauf, ob Sie zuerst sich "
            "selbst schützen, früh Hilfe rufen und bei der verletzten Person bleiben. Das Badge gilt 24 Monate."
        ),
        learned=(
            "Wiederbelebung und Defibrillation, Blutungen und Verbrennungen, Rettung aus Höhe und Wasser, Einweisen."
        ),
        assessed="Eine praktische Übung, bewertet von einer Prüferin des Vorstands und einem Notfallsanitäter.",
        steps=(
            "Den sechzehnstündigen Erste-Hilfe-Kurs abschließen",
            "An einer unangekündigten Übung in der eigenen Schicht teilnehmen",
            "Die Abschlussübung mit drei Ereignissen zugleich bewältigen",
        ),
    ),
    "fr": TranslationFields(
        name="Secouriste sur site",
        description="Donne les premiers secours dans les premières minutes sur le terminal et guide les sauveteurs.",
        image_alt="Écusson rouge avec un cœur traversé par une ligne de pouls et le mot First aid",
        criteria_narrative=(
            "Quand il se passe quelque chose, c’est vous qui **commencez**. Les secours extérieurs mettent environ "
            "onze minutes jusqu’aux quais les plus éloignés.\n\n"
            "- Suivez le cours de seize heures, avec la réanimation d’adultes et le défibrillateur.\n"
            "- Participez à un exercice inopiné pendant votre propre service.\n"
            "- Connaissez par cœur les points de rassemblement, les clés de la porte 7 et les mots radio."
        ),
        learned="Réanimation et défibrillation, hémorragies et brûlures, sauvetage en hauteur et dans l’eau, guidage.",
        steps=(
            "Terminer le cours de premiers secours de seize heures",
            "Participer à un exercice inopiné pendant son service",
            "",
        ),
    ),
}
