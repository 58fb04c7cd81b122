"""Makes CORS_ALLOW_ALL_ORIGINS mean in this example what it means with django-cors-headers."""

from django.conf import settings


def cors(get_response):
    """Let pages of every other site read the answers, if the settings say so."""

    def answer(request):
        response = get_response(request)
        if settings.CORS_ALLOW_ALL_ORIGINS:
            response["Access-Control-Allow-Origin"] = "*"
        return response

    return answer
